/**
 * What a scheduler goes on with before its sampler is asked for more: a paused trial, or a new one from the checkpoint of
 * another. Internal: call with the experiment locked; one at a time, so that each sees those before it, and replay does too.
 */
import { contactOf } from '../../domain/contact.js';
import type { Experiment, Search } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { isPaused } from '../../domain/lifecycle.js';
import { ENGINE_VERSION } from '../../search/engine-version.js';
import type { History } from '../../search/history.js';
import { isScheduler } from '../../search/judge.js';
import type { Offspring, Start } from '../../search/pruners/schedulers/scheduler.js';
import { validateParams } from '../../search/space/validate-params.js';
import type { Database, Sql } from '../../store/database.js';
import { lockLease } from '../../store/queries/lease.js';
import { findTrialByNumber, listBusyTrials, markOffspring } from '../../store/queries/pause.js';
import { lockTrial } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';
import { queueJob } from '../job/queue-job.js';
import { addTrial } from '../trial/add-trial.js';
import { resumeTrial } from '../trial/pause-trial.js';

/** Whether the search goes on with trials that were paused, or copies some. */
export function hasScheduler(search: Search): boolean {
  return isScheduler(search.pruner.kind);
}

/** When a scheduler last had nothing to go on with, and at which position: what is paused is read for each answer. */
const idle = new WeakMap<Database, Map<ExperimentId, { readonly sequence: number; readonly atMs: number }>>();
const IDLE_MS = 5_000;
const MOST_IDLE = 1_000;

/**
 * Whether the scheduler had nothing to go on with a moment ago, and nothing was proposed, paused or ended since. Only reports,
 * which pauses follow, could have changed its mind.
 */
export function isIdle({ database, clock }: Deps, { id, sequence }: Experiment): boolean {
  const before = idle.get(database)?.get(id);
  return before?.sequence === sequence && clock.monotonicMs() - before.atMs < IDLE_MS;
}

function noteIdle({ database, clock }: Deps, { id, sequence }: Experiment): void {
  const known = idle.get(database) ?? new Map();
  idle.set(database, known);
  if (known.size >= MOST_IDLE) known.clear();
  known.set(id, { sequence, atMs: clock.monotonicMs() });
}

/** Whether a trial runs, or is to run, that may report what lets a paused one go on: one that was lost need not be waited for. */
export async function mayReport(tx: Sql, { clock }: Deps, { id }: Experiment): Promise<boolean> {
  const now = clock.now();
  return (await listBusyTrials(tx, id)).some((trial) => contactOf(trial, now) !== 'LOST');
}

/**
 * What the scheduler goes on with in one free place, null for nothing; offspring only where trials `mayBeAdded`. `FAILED`: it
 * threw or hung, which is no reason to give up what is paused: ask again.
 */
export async function nextStart(
  deps: Deps,
  experiment: Experiment,
  search: Search,
  { history, mayBeAdded }: { readonly history: History; readonly mayBeAdded: boolean },
): Promise<Start | null | 'FAILED'> {
  try {
    const request = { scheduler: search.pruner, history, free: 1, experimentId: experiment.id };
    const [start] = await deps.proposer.resume(request);
    if (start === undefined) {
      noteIdle(deps, experiment);
      return null;
    }
    if ('trial' in start) return start;
    return mayBeAdded && validateParams(history.space, start.params).length === 0 ? start : null;
  } catch (error) {
    deps.log(`${search.pruner.kind} goes on with nothing in ${experiment.name}: ${textOf(error)}`);
    return 'FAILED';
  }
}

/** The trial that goes on, WAITING, in the queue of runners if it is to be `queued`; null when it is not paused any more. */
export async function startNext(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  next: Start,
  { queued }: { readonly queued: boolean },
): Promise<{ readonly id: TrialId; readonly number: number } | null> {
  if (!('trial' in next)) return addOffspring(tx, deps, experiment, next, queued);
  const id = await findTrialByNumber(tx, experiment.id, next.trial);
  if (id === null) return null;
  await lockLease(tx, id);
  const trial = await lockTrial(tx, id);
  if (trial === null || !isPaused(trial)) return null;
  await resumeTrial(tx, deps, experiment, trial, next.reason);
  if (queued) await queueJob(tx, deps, experiment, trial, trial.attempt + 1);
  return trial;
}

async function addOffspring(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  { params, parent, reason }: Offspring,
  queued: boolean,
): Promise<{ readonly id: TrialId; readonly number: number }> {
  const trial = await addTrial(tx, deps, experiment, {
    params,
    proposedBy: experiment.search?.pruner.kind ?? 'scheduler',
    explanation: { phase: 'EXPLOIT', reason, engine: ENGINE_VERSION },
    name: null,
    tags: [],
    queued,
  });
  const parentId = await findTrialByNumber(tx, experiment.id, parent);
  // Even of a parent that was deleted just now, since the history counts offspring.
  const checkpointId = await markOffspring(tx, trial.id, { id: parentId, number: parent });
  const from = checkpointId === null ? 'which has saved no checkpoint: it begins anew' : 'from its checkpoint';
  await recordEvent(tx, deps, {
    projectId: experiment.projectId,
    experimentId: experiment.id,
    trialId: trial.id,
    kind: 'TRIAL_OFFSPRING',
    message: `trial ${trial.number} is offspring of trial ${parent}, ${from}; it ${reason}`,
    data: { parent, checkpointId },
  });
  return trial;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
