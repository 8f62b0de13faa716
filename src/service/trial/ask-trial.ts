/** A script asks what to try next, and begins it. */
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { lockLease } from '../../store/queries/lease.js';
import { findTrials, findWaitingForScript, lockTrial } from '../../store/queries/trial.js';
import { requireRole, requireTrialWriter, scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { lockVisibleExperiment } from '../experiment/change-experiment.js';
import { once } from '../once.js';
import { inTurn } from '../search/in-turn.js';
import { startNext } from '../search/start-next.js';
import { suggest } from '../search/suggest.js';
import { addTrial, draftOf } from './add-trial.js';
import { beginOwnAttempt, type OwnAttempt } from './begin-own-attempt.js';
import { issueTrialToken } from './issue-token.js';
import { reloadTrial } from './load-trials.js';
import type { StartedTrial } from './start-trial.js';

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

/** What is kept for a retry: never the token, which is made anew. */
type Answer =
  | { readonly attempt: OwnAttempt; readonly token?: string }
  | { readonly attempt: null; readonly done: boolean; readonly retryAfterSeconds: number | null };

/**
 * A trial, RUNNING: a waiting one that no runner will take, one that a scheduler goes on with, or else a new proposal. A retry with the same `clientRequestId`
 * gets the same trial with a fresh token; use a new one to ask again.
 * @throws NOT_FOUND, FORBIDDEN.
 */
export async function askTrial(deps: Deps, principal: Principal, input: AskTrialInput): Promise<AskedTrial> {
  const experimentId = checkId<ExperimentId>(input.experimentId, 'experiment');
  const request = { operation: 'askTrial', clientRequestId: input.clientRequestId, input };
  const answer = await inTurn(deps.database, experimentId, () =>
    once(deps, principal, request, async (tx) => withToken(tx, await answerTo(tx, deps, principal, experimentId)), {
      keep: (given) => (given.attempt === null ? given : { attempt: given.attempt }),
      onReplay: async (kept, tx) => {
        if (kept.attempt !== null) await requireWritable(tx, principal, kept.attempt.trialId);
        return withToken(tx, kept);
      },
    }),
  );
  deps.wakeups.notify(`experiment:${experimentId}`);
  if (answer.attempt === null) return { started: null, done: answer.done, retryAfterSeconds: answer.retryAfterSeconds };
  const { attempt, token = '' } = answer;
  const trial = await reloadTrial(deps, principal, attempt.trialId);
  return { started: { trial, attempt: attempt.attempt, token }, done: false, retryAfterSeconds: null };

  /** In the transaction of the attempt, so that there is one commit. */
  async function withToken(tx: Sql, given: Answer): Promise<Answer> {
    if (given.attempt === null) return given;
    const { organizationId } = principal;
    return { ...given, token: await issueTrialToken(tx, deps, { ...given.attempt, organizationId }) };
  }
}

/** A retry may come from somebody whose role was taken away since, or after the trial was deleted. */
async function requireWritable(tx: Sql, principal: Principal, id: TrialId): Promise<void> {
  const [trial] = await findTrials(tx, scopeOf(principal), [id]);
  if (trial === undefined) throw new PlatformError('NOT_FOUND', `there is no trial ${id}`);
  requireTrialWriter(principal, trial);
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
  if (suggestion.kind === 'START') {
    const trial = await startNext(tx, deps, experiment, suggestion.start, { queued: false });
    if (trial === null) return { attempt: null, done: false, retryAfterSeconds: FULL_SECONDS };
    return { attempt: await beginOwnAttempt(tx, deps, experiment, trial) };
  }
  if (suggestion.kind !== 'PROPOSED') return { attempt: null, done: true, retryAfterSeconds: null };
  const trial = await addTrial(tx, deps, experiment, { ...draftOf(suggestion.proposal), queued: false });
  return { attempt: await beginOwnAttempt(tx, deps, experiment, trial) };
}
