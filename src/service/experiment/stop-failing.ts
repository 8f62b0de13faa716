/** Ends a search whose trials fail alike, one after the other: the code is broken, and more trials would teach nothing. */
import type { Experiment, Search } from '../../domain/experiment.js';
import { failureKey } from '../../domain/failure-key.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Sql } from '../../store/database.js';
import { lockExperiment } from '../../store/queries/experiment.js';
import { listLastEnds, type TrialEnd } from '../../store/queries/failures.js';
import { findSearch } from '../../store/queries/history.js';
import type { Deps } from '../deps.js';
import { stopLockedExperiment } from './stop-experiment.js';

/** Of a message, in an event. */
const MOST_CHARACTERS = 300;

/**
 * Stops the experiment when as many of its trials as its `failureLimit` ended one after the other by the same failure of the
 * user's code. Internal: call after the commit of such a failure, without a lock. Never throws: what cannot be done now
 * is done after the next failure.
 */
export async function stopIfFailing(deps: Deps, experimentId: ExperimentId): Promise<void> {
  try {
    const search = await findSearch(deps.database.read, experimentId);
    if (search === null || (await failuresAlike(deps.database.read, experimentId, search)) === null) return;
    await deps.database.transaction((tx) => stop(tx, deps, experimentId));
    deps.wakeups.notify(`experiment:${experimentId}`);
  } catch (error) {
    deps.log(`cannot tell whether ${experimentId} keeps failing: ${error instanceof Error ? error.message : error}`);
  }
}

async function stop(tx: Sql, deps: Deps, experimentId: ExperimentId): Promise<void> {
  const experiment = await lockExperiment(tx, experimentId);
  if (experiment?.state !== 'ACTIVE' || experiment.search === null) return;
  const failures = await failuresAlike(tx, experimentId, experiment.search);
  if (failures !== null) await stopLockedExperiment(tx, deps, experiment, reasonOf(experiment, failures));
}

/** The last trials to end, newest first, if they are as many as may fail and all did so alike; else null. */
async function failuresAlike(
  sql: Sql,
  experimentId: ExperimentId,
  { failureLimit }: Search,
): Promise<readonly TrialEnd[] | null> {
  if (failureLimit === 0) return null;
  const ends = await listLastEnds(sql, experimentId, failureLimit);
  const key = failureKey(ends[0]?.message ?? null);
  const isAlike = ({ state, cause, message }: TrialEnd) =>
    state === 'FAILED' && cause === 'USER_CODE' && failureKey(message) === key;
  return key !== null && ends.length === failureLimit && ends.every(isAlike) ? ends : null;
}

function reasonOf({ name }: Experiment, failures: readonly TrialEnd[]) {
  const message = failures[0]?.message?.trim().slice(0, MOST_CHARACTERS) ?? '';
  const trials = failures.map((failure) => failure.number).sort((a, b) => a - b);
  const count = trials.length === 1 ? 'its last trial' : `its last ${trials.length} trials`;
  return {
    text: `${count} failed with the same message, “${message}”: mend the training code and resume ${name}; a failureLimit of 0 lets a search fail for ever`,
    data: { reason: 'FAILURES', failure: message, trials },
  };
}
