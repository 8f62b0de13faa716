import type { TrialId } from '../../domain/ids.js';

/** Name of the wake-up that new log lines give. */
export function logTopic(trialId: TrialId): string {
  return `log:${trialId}`;
}
