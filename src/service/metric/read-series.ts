import type { Principal } from '../../domain/roles.js';
import type { SeriesRead } from '../../store/metrics/metric-store.js';
import type { Deps } from '../deps.js';
import { requireScope } from './places.js';
import { type ScopeInput, scopeFrom } from './scope-from.js';
import { type SeriesXInput, seriesXFrom } from './series-x-from.js';

export interface ReadSeriesInput extends ScopeInput {
  readonly keys: readonly string[];
  /** Longer series come as about this many buckets: 2 to 100,000. */
  readonly maxPoints: number;
  /** Only points with steps from the one to the other, both included. */
  readonly fromStep?: number | null | undefined;
  readonly toStep?: number | null | undefined;
  /** Only points logged from the one to the other, both included, in seconds since the epoch. */
  readonly fromTime?: number | null | undefined;
  readonly toTime?: number | null | undefined;
  readonly x?: SeriesXInput | null | undefined;
}

/**
 * Series of trials, or of all trials of an experiment, as columns per (trial, attempt, key); the cursor goes on in
 * `followMetrics` without gap or duplicate.
 * @throws NOT_FOUND, FORBIDDEN, INPUT_INVALID; LIMIT_EXCEEDED above 1,000 trials, 200 keys, or 20 million points to read one by one.
 */
export async function readSeries(deps: Deps, principal: Principal, input: ReadSeriesInput): Promise<SeriesRead> {
  const { scope, keys } = scopeFrom(input);
  const { maxPoints, fromStep = null, toStep = null, fromTime = null, toTime = null } = input;
  const x = seriesXFrom(input.x);
  await requireScope(deps, principal, scope);
  return deps.metrics.readSeries({ scope, keys: keys ?? [], maxPoints, fromStep, toStep, fromTime, toTime, x });
}
