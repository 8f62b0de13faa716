/** A script asks what to try next, and begins it. */
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { lockLease } from '../../store/queries/lease.js';
import { findWaitingForScript, lockTrial } from '../../store/queries/trial.js';
import { requireRole } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { lockVisibleExperiment } from '../experiment/change-experiment.js';
import { once } from '../once.js';
import { inTurn } from '../search/in-turn.js';
import { suggest } from '../search/suggest.js';
import { addTrial, draftOf } from './add-trial.js';
import { beginOwnAttempt, type OwnAttempt } from './begin-own-attempt.js';
import { describeOwnAttempt, type StartedTrial } from './start-trial.js';

export interface AskTrialInput {
  readonly experimentId: string;
  readonly clientRequestId?: string | null;
}

export interface AskedTrial {
  /** Null: nothing to begin now. */
  readonly started: StartedTrial | null;
  /** Nothing will ever come any more. */
  readonly done: boolean;
  /** When to ask again; null unless there is a point in it. */
  readonly retryAfterSeconds: number | null;
}

const FULL_SECONDS = 2;
const PAUSED_SECONDS = 10;

type Answer =
  | { readonly attempt: OwnAttempt }
  | { readonly attempt: null; readonly done: boolean; readonly retryAfterSeconds: number | null };

/**
 * A trial, RUNNING: a waiting one that no runner will take, or else a new proposal. A retry with the same `clientRequestId`
 * gets the same trial with a fresh token; use a new one to ask again.
 * @throws NOT_FOUND, FORBIDDEN.
 */
export async function askTrial(deps: Deps, principal: Principal, input: AskTrialInput): Promise<AskedTrial> {
  const experimentId = checkId<ExperimentId>(input.experimentId, 'experiment');
  const request = { operation: 'askTrial', clientRequestId: input.clientRequestId, input };
  const answer = await inTurn(deps.database, experimentId, () =>
    once(deps, principal, request, (tx) => answerTo(tx, deps, principal, experimentId)),
  );
  deps.wakeups.notify(`experiment:${experimentId}`);
  if (answer.attempt === null) return { started: null, done: answer.done, retryAfterSeconds: answer.retryAfterSeconds };
  return { started: await describeOwnAttempt(deps, principal, answer.attempt), done: false, retryAfterSeconds: null };
}

async function answerTo(tx: Sql, deps: Deps, principal: Principal, experimentId: ExperimentId): Promise<Answer> {
  const experiment = await lockVisibleExperiment(tx, principal, experimentId);
  requireRole(principal, 'writer', experiment.projectId);
  if (experiment.state === 'PAUSED') return { attempt: null, done: false, retryAfterSeconds: PAUSED_SECONDS };

  const waiting = experiment.state === 'ACTIVE' ? await findWaitingForScript(tx, experimentId) : null;
  if (waiting !== null) {
    await lockLease(tx, waiting);
    const trial = await lockTrial(tx, waiting);
    if (trial !== null) return { attempt: await beginOwnAttempt(tx, deps, experiment, trial) };
  }
  const suggestion = await suggest(tx, deps, experiment);
  if (suggestion.kind === 'FULL') return { attempt: null, done: false, retryAfterSeconds: FULL_SECONDS };
  if (suggestion.kind !== 'PROPOSED') return { attempt: null, done: true, retryAfterSeconds: null };
  const trial = await addTrial(tx, deps, experiment, { ...draftOf(suggestion.proposal), queued: false });
  return { attempt: await beginOwnAttempt(tx, deps, experiment, trial) };
}
