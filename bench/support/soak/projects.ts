/** Projects of a soak: one that keeps its points, one whose points expire, and a row of them that are deleted whole. */
import { randomUUID } from 'node:crypto';
import {
  CreateProjectDocument,
  DeleteTrialDocument,
  ProjectDocument,
} from '../../../sdk/typescript/generated/operations.js';
import { endTrial } from './end-trial.js';
import type { Ground } from './ground.js';
import type { Entry, Home } from './ledger.js';

const SET_RETENTION = 'mutation ($input: SetRetentionInput!) { setRetention(input: $input) { id } }';
const DELETE_PROJECT = 'mutation ($id: ID!, $confirm: String!) { deleteProject(id: $id, confirm: $confirm) }';
/** Days after its end that a trial is deleted. */
const DELETED_AFTER_DAYS: Readonly<Record<Home, number>> = { kept: 4, expiring: 5, passing: Number.POSITIVE_INFINITY };
const PASSING_DAYS = 2;
const AT_ONCE = 4;

/** The project that a trial of this home is started in now. */
export function projectOf({ dayMs }: Ground, home: Home): string {
  return home === 'passing' ? `passing-${Math.floor(Date.now() / (PASSING_DAYS * dayMs))}` : home;
}

/** Makes the two projects that stay. */
export async function makeProjects(ground: Ground): Promise<void> {
  for (const name of ['kept', 'expiring'] as const) {
    const { createProject } = await ground.client.request(CreateProjectDocument, { input: { name } });
    if (name === 'kept') continue;
    const retention = { projectId: createProject.id, metricDays: 1, logDays: 1 };
    await ground.client.request<unknown, object>(SET_RETENTION, { input: retention });
  }
}

/** Ends trials whose clients died, deletes those that ended long ago, and projects whose time is over. */
export async function tidy(ground: Ground): Promise<void> {
  const { client, dayMs, ledger, signal } = ground;
  const now = Date.now();
  const due = [...ledger.living.values()].flatMap((entry) => {
    if (entry.endedMs === null)
      return entry.crashedMs !== null && now - entry.crashedMs > dayMs / 2
        ? [() => endTrial(client, entry, 'FAILED')]
        : [];
    return now - entry.endedMs < DELETED_AFTER_DAYS[entry.home] * dayMs ? [] : [() => deleteTrial(ground, entry)];
  });
  for (let i = 0; i < due.length && !signal.aborted; i += AT_ONCE) {
    const done = await Promise.allSettled(due.slice(i, i + AT_ONCE).map((work) => work()));
    for (const one of done) if (one.status === 'rejected') ground.failures.add('tidy', one.reason);
  }
  await deletePassed(ground);
}

async function deleteTrial({ client, ledger }: Ground, { id }: Entry): Promise<void> {
  await client.request(DeleteTrialDocument, { id, clientRequestId: randomUUID() });
  ledger.forget(id);
}

async function deletePassed(ground: Ground): Promise<void> {
  const { client, ledger } = ground;
  const passing = new Map<string, boolean>();
  for (const { home, project, endedMs } of ledger.living.values())
    if (home === 'passing') passing.set(project, (passing.get(project) ?? true) && endedMs !== null);
  for (const [name, isQuiet] of passing) {
    if (!isQuiet || name === projectOf(ground, 'passing')) continue;
    const { project } = await client.request(ProjectDocument, { name });
    ledger.deletedProjects.add(name);
    if (project) await client.request<unknown, object>(DELETE_PROJECT, { id: project.id, confirm: name });
    for (const entry of [...ledger.living.values()]) if (entry.project === name) ledger.forget(entry.id);
  }
}
