import { PlatformError } from '../../domain/errors.js';
import { isId, type TrainingJobId, type TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { LogPage } from '../../store/logs/log-store.js';
import { findAttempt, findJobAttempt } from '../../store/queries/place.js';
import type { Deps } from '../deps.js';
import { requireReadableTrial } from '../metric/places.js';

/** Lines that one page may hold. */
export const MAX_LINES = 10_000;

export interface LogTarget {
  /** Either a job, or a trial with an attempt (null: its newest). */
  readonly jobId?: TrainingJobId | null | undefined;
  readonly trialId?: TrialId | null | undefined;
  readonly attempt?: number | null | undefined;
  /** Default `console`. */
  readonly stream?: string | undefined;
}

export interface ReadLogInput extends LogTarget {
  readonly after?: string | null | undefined;
  /** 1 to 10,000. */
  readonly first: number;
  /** Without `after`: begin so many lines before the end. */
  readonly tail?: number | null | undefined;
}

/**
 * A page of an attempt's log, in order. Pages with very long lines hold fewer than asked; `hasMore` tells.
 * @throws NOT_FOUND, FORBIDDEN, INPUT_INVALID, LIMIT_EXCEEDED, CURSOR_INVALID, CURSOR_EXPIRED
 */
export async function readLog(deps: Deps, principal: Principal, input: ReadLogInput): Promise<LogPage> {
  const { first, tail } = input;
  if (!Number.isSafeInteger(first) || first < 1)
    throw new PlatformError('INPUT_INVALID', `first must be 1 to ${MAX_LINES}`);
  if (first > MAX_LINES)
    throw new PlatformError('LIMIT_EXCEEDED', `first may be at most ${MAX_LINES}; read on with after`, {
      limit: MAX_LINES,
    });
  if (tail !== null && tail !== undefined && (!Number.isSafeInteger(tail) || tail < 0))
    throw new PlatformError('INPUT_INVALID', 'tail must be an integer of at least 0');
  const attempt = await attemptOf(deps, input);
  await requireReadableTrial(deps, principal, attempt.trialId);
  return deps.logs.readPage({ ...attempt, after: input.after ?? null, first, tail: tail ?? null });
}

/** The attempt that is meant; authorisation is its caller's. @throws NOT_FOUND, INPUT_INVALID */
export async function attemptOf(
  deps: Deps,
  { jobId, trialId, attempt, stream = 'console' }: LogTarget,
): Promise<{ trialId: TrialId; attempt: number; stream: string }> {
  const hasJob = jobId !== null && jobId !== undefined;
  const hasTrial = trialId !== null && trialId !== undefined;
  if (hasJob === hasTrial) throw new PlatformError('INPUT_INVALID', 'give either jobId or trialId');
  if (hasJob) {
    const found = isId(jobId) ? await findJobAttempt(deps.database.read, jobId) : null;
    if (found === null) throw new PlatformError('NOT_FOUND', `there is no training job ${jobId}`);
    return { ...found, stream };
  }
  const id = trialId as TrialId; // one of the two is given
  const known = attempt ?? (isId(id) ? await findAttempt(deps.database.read, id) : null);
  if (known === null) throw new PlatformError('NOT_FOUND', `there is no trial ${id}`);
  return { trialId: id, attempt: known, stream };
}
