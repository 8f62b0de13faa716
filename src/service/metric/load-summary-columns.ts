import type { TrialId } from '../../domain/ids.js';
import type { MetricSummaryColumns } from '../../domain/metric.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { readableTrials } from './places.js';

/**
 * Summaries of each list of trials as columns, a row per trial in the order given; one for each metric that some trial
 * of the list has. A trial that the caller may not read has none. One statement for all lists.
 */
export async function loadSummaryColumns(
  deps: Deps,
  principal: Principal,
  lists: readonly (readonly TrialId[])[],
  keys: readonly string[] | null,
): Promise<readonly (readonly MetricSummaryColumns[])[]> {
  const asked = [...(await readableTrials(deps, principal, [...new Set(lists.flat())]))];
  const columns = asked.length === 0 ? [] : await deps.metrics.readSummaryColumns(asked, keys);
  const [only] = lists;
  // As they were read, in the order asked.
  if (lists.length === 1 && only?.length === asked.length) return [columns];
  const places = new Map(asked.map((id, i) => [id, i]));
  return lists.map((ids) =>
    columns.map((all) => pick(all, ids, places)).filter(({ count }) => count.some((n) => n > 0)),
  );
}

/** The rows of these trials, in their order. */
function pick(
  all: MetricSummaryColumns,
  ids: readonly TrialId[],
  places: ReadonlyMap<TrialId, number>,
): MetricSummaryColumns {
  const column = (from: Float64Array, missing: number) =>
    Float64Array.from(ids, (id) => from[places.get(id) ?? -1] ?? missing);
  return {
    key: all.key,
    count: column(all.count, 0),
    first: column(all.first, Number.NaN),
    last: column(all.last, Number.NaN),
    min: column(all.min, Number.NaN),
    max: column(all.max, Number.NaN),
    mean: column(all.mean, Number.NaN),
  };
}
