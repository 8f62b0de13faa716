/** Names of the wake-ups that reports give. Those of metrics are apart from an experiment's own, which is woken more rarely. */
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { MetricScope } from '../../store/metrics/metric-store.js';

export function trialTopic(trialId: TrialId): string {
  return `trial:${trialId}`;
}

export function experimentMetricsTopic(experimentId: ExperimentId): string {
  return `metrics:${experimentId}`;
}

/** What a follower of the scope listens to. */
export function topicsOf(scope: MetricScope): string[] {
  return 'experimentId' in scope ? [experimentMetricsTopic(scope.experimentId)] : scope.trialIds.map(trialTopic);
}
