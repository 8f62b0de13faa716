/** Makes one more trial of a searching experiment, or goes on with one, and queues it for runners. Internal. */
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { lockExperiment } from '../../store/queries/experiment.js';
import type { Deps } from '../deps.js';
import { addTrial, draftOf } from '../trial/add-trial.js';
import { inTurn } from './in-turn.js';
import { startNext } from './start-next.js';
import { suggest } from './suggest.js';

/** The queued trial's id, or null when the experiment has no room or nothing left. In a transaction of its own. */
export async function proposeTrial(deps: Deps, experimentId: ExperimentId): Promise<TrialId | null> {
  const id = await inTurn(deps.database, experimentId, () =>
    deps.database.transaction(async (tx) => {
      const experiment = await lockExperiment(tx, experimentId);
      if (experiment === null) return null;
      const suggestion = await suggest(tx, deps, experiment);
      if (suggestion.kind === 'START')
        return (await startNext(tx, deps, experiment, suggestion.start, { queued: true }))?.id ?? null;
      if (suggestion.kind !== 'PROPOSED') return null;
      return (await addTrial(tx, deps, experiment, { ...draftOf(suggestion.proposal), queued: true })).id;
    }),
  );
  deps.wakeups.notify(`experiment:${experimentId}`);
  return id;
}
