import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { LogStream } from '../../domain/training-job.js';
import type { Deps } from '../deps.js';
import { readableTrials } from '../metric/places.js';

/** Log streams of each attempt, in the order asked; none for trials that the caller may not read. */
export async function loadLogStreams(
  deps: Deps,
  principal: Principal,
  attempts: readonly { readonly trialId: TrialId; readonly attempt: number }[],
): Promise<(readonly LogStream[])[]> {
  const asked = [...(await readableTrials(deps, principal, [...new Set(attempts.map(({ trialId }) => trialId))]))];
  const streams = asked.length === 0 ? [] : (await deps.logs.readStreams(asked)).flat();
  return attempts.map(({ trialId, attempt }) =>
    streams.filter((stream) => stream.trialId === trialId && stream.attempt === attempt),
  );
}
