/**
 * The next proposal of an experiment. Internal: call with the experiment's row locked, which makes numbers gapless and
 * proposals serial. A sampler that throws, hangs or leaves the space costs an event and a random draw, never a trial.
 */
import type { Experiment, Search } from '../../domain/experiment.js';
import type { History } from '../../search/history.js';
import type { Start } from '../../search/pruners/schedulers/scheduler.js';
import type { Proposal } from '../../search/samplers/proposal.js';
import { validateParams } from '../../search/space/validate-params.js';
import type { Sql } from '../../store/database.js';
import { experimentLoad } from '../../store/queries/experiment.js';
import { hasPausedTrial } from '../../store/queries/pause.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';
import { overHoursOf, spentOf } from '../experiment/budget.js';
import { completeExperiment } from '../experiment/complete-experiment.js';
import { pruneAllPaused } from '../trial/prune-paused.js';
import { EXTERNAL } from './external.js';
import { loadHistoryToDecide } from './load-history.js';
import { proposeNow } from './proposer.js';
import { hasScheduler, isIdle, mayReport, nextStart } from './start-next.js';

/**
 * `START`: what a scheduler goes on with. `FULL`: as many trials as may run at once, or a scheduler waits for what they report;
 * ask later. `PAUSED`: nothing is proposed now. `DONE`: never again.
 */
export type Suggestion =
  | { readonly kind: 'PROPOSED'; readonly proposal: Proposal }
  | { readonly kind: 'START'; readonly start: Start }
  | { readonly kind: 'FULL' | 'PAUSED' | 'DONE' };

/**
 * A proposal if there is room for it, or what a scheduler would rather go on with; completes an experiment that has nothing
 * left to propose or to wait for.
 */
export async function suggest(tx: Sql, deps: Deps, experiment: Experiment): Promise<Suggestion> {
  const { search } = experiment;
  if (search === null || experiment.state === 'COMPLETED' || experiment.state === 'STOPPED') return { kind: 'DONE' };
  if (experiment.state === 'PAUSED') return { kind: 'PAUSED' };
  const { unfinished, ...cost } = await experimentLoad(tx, experiment.id);
  const spent = spentOf(search.budget, { ...cost, trials: experiment.nextNumber });
  const isFull = unfinished >= search.budget.maxParallel;
  if (isFull && spent === null) return { kind: 'FULL' };

  // What is paused may still go on when all trials were made, but not when time is up.
  const mayGoOn = hasScheduler(search) && overHoursOf(search.budget, cost) === null;
  const later = async () => ({ kind: (await mayFollow(tx, deps, experiment)) ? 'FULL' : 'DONE' }) as const;
  if (mayGoOn && spent !== null && unfinished > 0 && (isFull || isIdle(deps, experiment))) return later();
  // Whoever asks waits for what is enqueued next.
  const mayPropose = spent === null && search.sampler.kind !== EXTERNAL;
  const history = mayPropose || mayGoOn ? await loadHistoryToDecide(tx, deps.database, experiment.id, search) : null;
  const start =
    history !== null && mayGoOn
      ? await nextStart(deps, experiment, search, { history, mayBeAdded: spent === null })
      : null;
  if (start !== null && start !== 'FAILED') return { kind: 'START', start };
  if (spent === null && !mayPropose) return { kind: 'FULL' };
  const proposal = history === null || spent !== null ? null : await proposeOne(tx, deps, experiment, search, history);
  if (proposal !== null) return { kind: 'PROPOSED', proposal };
  if (start === 'FAILED') return { kind: 'FULL' };
  if (unfinished > 0) return mayGoOn ? later() : { kind: 'DONE' };
  if (hasScheduler(search)) await pruneAllPaused(tx, deps, experiment);
  const reason = spent === null ? 'its space is exhausted' : `its budget is spent (${spent})`;
  await completeExperiment(tx, deps, experiment, reason);
  return { kind: 'DONE' };
}

/** Whether there may be more to do though nothing is proposed any more: a report may let a trial go on, or the end of one that was lost. */
async function mayFollow(tx: Sql, deps: Deps, experiment: Experiment): Promise<boolean> {
  return (await mayReport(tx, deps, experiment)) || (await hasPausedTrial(tx, experiment.id));
}

/** Null: the space is exhausted. */
async function proposeOne(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  search: Search,
  history: History,
): Promise<Proposal | null> {
  try {
    const request = { sampler: search.sampler, history, count: 1, experimentId: experiment.id };
    const [proposal] = await deps.proposer.propose(request);
    if (proposal === undefined) return null;
    const problems = validateParams(history.space, proposal.params);
    if (problems.length === 0) return proposal;
    throw new Error(`it left the space: ${problems.map((problem) => `${problem.path} ${problem.message}`).join('; ')}`);
  } catch (error) {
    return fallBack(tx, deps, experiment, history, error);
  }
}

async function fallBack(
  tx: Sql,
  deps: Deps,
  experiment: Experiment,
  history: History,
  error: unknown,
): Promise<Proposal | null> {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `${experiment.search?.sampler.kind ?? 'the sampler'} gave no proposal, a random one is used: ${reason.slice(0, 500)}`;
  await recordEvent(tx, deps, {
    projectId: experiment.projectId,
    experimentId: experiment.id,
    kind: 'SAMPLER_FALLBACK',
    message,
    data: { number: experiment.nextNumber },
  });
  const [proposal] = proposeNow({ sampler: { kind: 'random', options: {} }, history, count: 1 });
  if (proposal === undefined) return null;
  return { ...proposal, explanation: { ...proposal.explanation, reason: message } };
}
