/** The frame of verbs that change an experiment's state: lock, authorise, change, tell. Internal. */
import { PlatformError } from '../../domain/errors.js';
import type { EventKind } from '../../domain/event.js';
import type { Experiment, ExperimentState } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal, Role } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { lockVisible, setExperimentState } from '../../store/queries/experiment.js';
import { requireRole, scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { once } from '../once.js';
import { reloadExperiment } from './reload-experiment.js';

export interface ChangeExperimentInput {
  readonly id: string;
  readonly clientRequestId?: string | null;
}

export interface Change {
  readonly operation: string;
  /** Says which role the change needs. */
  role(experiment: Experiment): Role;
  /** Does it, with the row locked. */
  work(tx: Sql, experiment: Experiment): Promise<unknown>;
}

/** The experiment after the change. @throws NOT_FOUND, FORBIDDEN, and what the work throws. */
export async function changeExperiment(
  deps: Deps,
  principal: Principal,
  input: ChangeExperimentInput,
  change: Change,
): Promise<Experiment> {
  const id = checkId<ExperimentId>(input.id, 'experiment');
  const request = { operation: change.operation, clientRequestId: input.clientRequestId, input };
  await once(deps, principal, request, async (tx) => {
    const experiment = await lockVisibleExperiment(tx, principal, id);
    requireRole(principal, change.role(experiment), experiment.projectId);
    await change.work(tx, experiment);
    return true;
  });
  const experiment = await reloadExperiment(deps, principal, id);
  deps.wakeups.notify(`experiment:${id}`);
  if (experiment.poolId !== null) deps.wakeups.notify(`pool:${experiment.poolId}`);
  return experiment;
}

/** The row, locked, if the caller may see it. @throws NOT_FOUND. */
export async function lockVisibleExperiment(tx: Sql, principal: Principal, id: ExperimentId): Promise<Experiment> {
  const experiment = await lockVisible(tx, scopeOf(principal), id);
  if (experiment === null) throw new PlatformError('NOT_FOUND', `there is no experiment ${id}`);
  return experiment;
}

/** Why an experiment changes, for people and for programs. */
export interface Why {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Stores the state and says so. The row is locked. */
export async function moveExperiment(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  state: ExperimentState,
  kind: EventKind,
  why: Why | null = null,
): Promise<void> {
  const { id, projectId, name } = experiment;
  await setExperimentState(tx, id, state);
  await recordChange(tx, { projectId, experimentId: id, kind: 'experiment', subjectId: id });
  const message = `${name} is ${state}${why === null ? '' : `: ${why.text}`}`;
  await recordEvent(tx, deps, { projectId, experimentId: id, kind, message, data: why?.data ?? {} });
}

/** @throws STATE_CONFLICT that says why not. */
export function conflict(experiment: Experiment, what: string): PlatformError {
  return new PlatformError('STATE_CONFLICT', `${experiment.name} is ${experiment.state}: ${what}`, {
    state: experiment.state,
  });
}
