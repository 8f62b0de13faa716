/** Series of groups of trials: per group and bucket how its members lie, over all of them. */
import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import { type GroupColumns, METRIC_LIMITS } from '../../store/metrics/metric-store.js';
import { countConsidered, MOST_CONSIDERED } from '../../store/queries/trial-facets.js';
import { readGroupMembers } from '../../store/queries/trial-group-members.js';
import type { Deps } from '../deps.js';
import { MOST_PARAMS } from '../trial/group-trials.js';
import { selectTrials } from '../trial/select-trials.js';

export interface ReadSeriesGroupsInput {
  readonly experimentId: string;
  /** In the language of filters; absent: all trials. */
  readonly where?: string | null | undefined;
  /** Names of at most 5 hyperparameters; none: all trials are one group. */
  readonly by: readonly string[];
  /** At most 20. */
  readonly keys: readonly string[];
  /** Buckets of a key: 2 to 2,000. */
  readonly maxPoints: number;
  /** Only points with steps from the one to the other, both included. */
  readonly fromStep?: number | null | undefined;
  readonly toStep?: number | null | undefined;
  /** From 0 to 1, at most 20. */
  readonly quantiles: readonly number[];
}

export interface SeriesGroups {
  /** Trials considered. */
  readonly trials: number;
  /** Whether there are more, older ones that were not considered. */
  readonly isPartial: boolean;
  /** Groups that are smaller than these, and left out. */
  readonly otherGroups: number;
  /** The 50 largest, the largest first. */
  readonly groups: readonly {
    readonly params: Readonly<Record<string, number | string | null>>;
    readonly trialCount: number;
    /** One per key, in the order asked for. */
    readonly series: readonly GroupColumns[];
  }[];
}

const MOST_GROUP_KEYS = 20;

/**
 * @throws NOT_FOUND, FILTER_INVALID, INPUT_INVALID; LIMIT_EXCEEDED for too many keys or params, or trials that hold too
 * much; OVERLOADED.
 */
export async function readSeriesGroups(
  deps: Deps,
  principal: Principal,
  input: ReadSeriesGroupsInput,
): Promise<SeriesGroups> {
  const { where = null, maxPoints, fromStep = null, toStep = null, quantiles } = input;
  const [by, keys] = [[...new Set(input.by)], [...new Set(input.keys)]];
  if (by.length > MOST_PARAMS)
    throw new PlatformError('LIMIT_EXCEEDED', `trials can be grouped by at most ${MOST_PARAMS} hyperparameters`);
  if (keys.length > MOST_GROUP_KEYS)
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${MOST_GROUP_KEYS} keys can be read in groups at once`, {
      limit: MOST_GROUP_KEYS,
    });
  const selection = await selectTrials(deps, principal, { experimentId: input.experimentId, where });
  const { read } = deps.database;
  const count = await countConsidered(read, selection);
  const { groups, total } = await readGroupMembers(read, selection, by, METRIC_LIMITS.groupsPerRead);
  const columns = await deps.metrics.readGroups({
    groups: groups.map(({ trialIds }) => trialIds),
    keys,
    maxPoints,
    fromStep,
    toStep,
    quantiles,
  });
  return {
    trials: Math.min(count, MOST_CONSIDERED),
    isPartial: count > MOST_CONSIDERED,
    otherGroups: total - groups.length,
    groups: groups.map(({ params, trialIds }, i) => ({
      params: Object.fromEntries(by.map((name, k) => [name, params[k] ?? null])),
      trialCount: trialIds.length,
      series: columns[i] ?? [],
    })),
  };
}
