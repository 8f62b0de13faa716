/** What a training loop is told with an ack. It is asked for only when something could have changed it. */
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { ReportOutcome, Verdict } from '../../domain/metric.js';
import type { StopReason } from '../../domain/trial.js';
import type { Deps } from '../deps.js';
import { judgeTrial } from '../search/judge.js';

const GO_ON: Verdict = { stop: false, pause: false, reason: null };
const SUPERSEDED: Verdict = { stop: true, pause: false, reason: 'a newer attempt of this trial has started' };

export interface Stored {
  readonly outcome: ReportOutcome;
  readonly experimentId: ExperimentId | null;
  readonly touchesObjective: boolean;
  readonly stopReason: StopReason | null;
}

/** Never throws: what was stored is acknowledged even when the pruner fails, or the SDK would send it again and again. */
export async function verdictAfter(
  deps: Deps,
  trialId: TrialId,
  { outcome, experimentId, touchesObjective, stopReason }: Stored,
): Promise<Verdict> {
  if (outcome === 'FENCED') return SUPERSEDED;
  if (experimentId === null || (stopReason === null && !(touchesObjective && outcome === 'ACCEPTED'))) return GO_ON;
  try {
    return await judgeTrial(deps, { experimentId, trialId });
  } catch (error) {
    deps.log(`metric: trial ${trialId} could not be judged: ${error instanceof Error ? error.message : String(error)}`);
    return GO_ON;
  }
}
