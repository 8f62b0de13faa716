/** Which series a reader asks for, checked. */
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { METRIC_LIMITS, type MetricScope } from '../../store/metrics/metric-store.js';

/** Keys that one read may name. */
export const MAX_KEYS = 200;

export interface ScopeInput {
  /** Exactly one of the two. */
  readonly trialIds?: readonly TrialId[] | null | undefined;
  readonly experimentId?: ExperimentId | null | undefined;
  readonly keys?: readonly string[] | null | undefined;
}

/** @throws INPUT_INVALID, LIMIT_EXCEEDED */
export function scopeFrom({ trialIds, experimentId, keys }: ScopeInput): {
  scope: MetricScope;
  keys: readonly string[] | null;
} {
  const hasTrials = trialIds !== null && trialIds !== undefined;
  const hasExperiment = experimentId !== null && experimentId !== undefined;
  if (hasTrials === hasExperiment) throw new PlatformError('INPUT_INVALID', 'give either trialIds or experimentId');
  if (keys !== null && keys !== undefined && keys.length > MAX_KEYS) {
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${MAX_KEYS} keys can be read at once`, { limit: MAX_KEYS });
  }
  const unique = keys === null || keys === undefined ? null : [...new Set(keys)];
  if (hasExperiment) return { scope: { experimentId }, keys: unique };
  const ids = [...new Set(trialIds ?? [])];
  const limit = METRIC_LIMITS.trialsPerRead;
  if (ids.length === 0) throw new PlatformError('INPUT_INVALID', 'trialIds must name at least one trial');
  if (ids.length > limit)
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${limit} trials can be read at once; ask by experiment`, {
      limit,
    });
  return { scope: { trialIds: ids }, keys: unique };
}
