/** Projects of a soak: one that keeps its points, one whose points expire, and a row of them that are deleted whole. */
import { randomUUID } from 'node:crypto';
import {
  CreateProjectDocument,
  DeleteTrialDocument,
  ProjectDocument,
} from '../../../sdk/typescript/generated/operations.js';
import { ask } from '../server.js';
import { endTrial } from './end-trial.js';
import type { Ground } from './ground.js';
import type { Home } from './ledger.js';

/** Days after its end that a trial is deleted. */
const DELETED_AFTER_DAYS: Readonly<Record<Home, number>> = { kept: 2, expiring: 4, passing: Number.POSITIVE_INFINITY };
const PASSING_DAYS = 2;

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
    await ask(ground.server, 'mutation ($input: SetRetentionInput!) { setRetention(input: $input) { id } }', {
      input: retention,
    });
  }
}

/** Ends trials whose clients died, deletes those that ended long ago, and projects whose time is over. */
export async function tidy(ground: Ground): Promise<void> {
  const { client, dayMs, ledger } = ground;
  const now = Date.now();
  for (const entry of [...ledger.living.values()]) {
    if (entry.crashedMs !== null && entry.endedMs === null && now - entry.crashedMs > dayMs / 2)
      await endTrial(client, entry, 'FAILED');
    if (entry.endedMs === null || now - entry.endedMs < DELETED_AFTER_DAYS[entry.home] * dayMs) continue;
    await client.request(DeleteTrialDocument, { id: entry.id, clientRequestId: randomUUID() });
    ledger.forget(entry.id);
  }
  await deletePassed(ground);
}

async function deletePassed(ground: Ground): Promise<void> {
  const { client, ledger } = ground;
  const passing = new Map<string, boolean>();
  for (const { home, project, endedMs } of ledger.living.values())
    if (home === 'passing') passing.set(project, (passing.get(project) ?? true) && endedMs !== null);
  for (const [name, isQuiet] of passing) {
    if (!isQuiet || name === projectOf(ground, 'passing')) continue;
    const { project } = await client.request(ProjectDocument, { name });
    if (project)
      await ask(ground.server, 'mutation ($id: ID!, $confirm: String!) { deleteProject(id: $id, confirm: $confirm) }', {
        id: project.id,
        confirm: name,
      });
    for (const entry of [...ledger.living.values()]) if (entry.project === name) ledger.forget(entry.id);
  }
}
