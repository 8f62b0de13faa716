/**
 * The next proposal of an experiment. Internal: call with the experiment's row locked, which makes numbers gapless and
 * proposals serial. A sampler that throws, hangs or leaves the space costs an event and a random draw, never a trial.
 */
import type { Experiment, Search } from '../../domain/experiment.js';
import type { History } from '../../search/history.js';
import type { Proposal } from '../../search/samplers/proposal.js';
import { validateParams } from '../../search/space/validate-params.js';
import type { Sql } from '../../store/database.js';
import { experimentLoad } from '../../store/queries/experiment.js';
import type { Deps } from '../deps.js';
import { recordEvent } from '../event/record.js';
import { spentOf } from '../experiment/budget.js';
import { completeExperiment } from '../experiment/complete-experiment.js';
import { EXTERNAL } from './external.js';
import { loadHistoryToDecide } from './load-history.js';
import { proposeNow } from './proposer.js';

/** `FULL`: as many trials as may run at once; ask later. `PAUSED`: nothing is proposed now. `DONE`: never again. */
export type Suggestion =
  | { readonly kind: 'PROPOSED'; readonly proposal: Proposal }
  | { readonly kind: 'FULL' | 'PAUSED' | 'DONE' };

/** A proposal if there is room for it; completes an experiment that has nothing left to propose or to wait for. */
export async function suggest(tx: Sql, deps: Deps, experiment: Experiment): Promise<Suggestion> {
  const { search } = experiment;
  if (search === null || experiment.state === 'COMPLETED' || experiment.state === 'STOPPED') return { kind: 'DONE' };
  if (experiment.state === 'PAUSED') return { kind: 'PAUSED' };
  const { unfinished, ...cost } = await experimentLoad(tx, experiment.id);
  const spent = spentOf(search.budget, { ...cost, trials: experiment.nextNumber });
  if (spent === null && unfinished >= search.budget.maxParallel) return { kind: 'FULL' };

  // Whoever asks waits for what is enqueued next.
  if (spent === null && search.sampler.kind === EXTERNAL) return { kind: 'FULL' };

  const proposal = spent === null ? await proposeOne(tx, deps, experiment, search) : null;
  if (proposal !== null) return { kind: 'PROPOSED', proposal };
  if (unfinished === 0)
    await completeExperiment(
      tx,
      deps,
      experiment,
      spent === null ? 'its space is exhausted' : `its budget is spent (${spent})`,
    );
  return { kind: 'DONE' };
}

/** Null: the space is exhausted. */
async function proposeOne(tx: Sql, deps: Deps, experiment: Experiment, search: Search): Promise<Proposal | null> {
  const history = await loadHistoryToDecide(tx, deps.database, experiment.id, search);
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
