/** Trials grouped by hyperparameters, with what their metrics came to. */
import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import { countConsidered, type GroupMetric, MOST_CONSIDERED, readGroups } from '../../store/queries/trial-facets.js';
import type { MetricStat } from '../../store/queries/trial-where.js';
import type { Deps } from '../deps.js';
import { checkFirst } from '../page.js';
import { type SelectionInput, selectTrials } from './select-trials.js';

export interface GroupTrialsInput extends SelectionInput {
  /** Names of 1 to 5 hyperparameters. */
  readonly by: readonly string[];
  /** At most 20. */
  readonly metricKeys: readonly string[];
  /** Which number of each series. */
  readonly stat: MetricStat;
  /** Groups, 1..200. */
  readonly first: number;
}

export interface TrialGroups {
  readonly trials: number;
  readonly isPartial: boolean;
  /** How many there are. */
  readonly totalGroups: number;
  /** The largest first. */
  readonly groups: readonly {
    readonly params: Readonly<Record<string, number | string | null>>;
    readonly count: number;
    readonly metrics: readonly GroupMetric[];
  }[];
}

export const MOST_PARAMS = 5;
const MOST_METRICS = 20;

/** @throws NOT_FOUND, FILTER_INVALID, INPUT_INVALID, LIMIT_EXCEEDED. */
export async function groupTrials(deps: Deps, principal: Principal, input: GroupTrialsInput): Promise<TrialGroups> {
  const first = checkFirst(input.first);
  const by = [...new Set(input.by)];
  if (by.length === 0) throw new PlatformError('INPUT_INVALID', 'name at least one hyperparameter to group by');
  if (by.length > MOST_PARAMS)
    throw new PlatformError('LIMIT_EXCEEDED', `trials can be grouped by at most ${MOST_PARAMS} hyperparameters`);
  if (input.metricKeys.length > MOST_METRICS)
    throw new PlatformError('LIMIT_EXCEEDED', `groups can have at most ${MOST_METRICS} metrics`);
  const selection = await selectTrials(deps, principal, input);
  const { read } = deps.database;
  const count = await countConsidered(read, selection);
  const { groups, total } = await readGroups(read, selection, { ...input, by, first });
  return {
    trials: Math.min(count, MOST_CONSIDERED),
    isPartial: count > MOST_CONSIDERED,
    totalGroups: total,
    groups: groups.map(({ params, ...group }) => ({
      ...group,
      params: Object.fromEntries(by.map((name, i) => [name, params[i] ?? null])),
    })),
  };
}
