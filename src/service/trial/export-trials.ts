/** The trials of an experiment as one table, read in bounded pages: its columns are known before its first row. */
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { MetricSummary } from '../../domain/metric.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { listParamColumns, type ParamColumn } from '../../store/queries/param-columns.js';
import type { Deps } from '../deps.js';
import { loadMetricKeys } from '../metric/load-metric-keys.js';
import { loadSummaries } from '../metric/load-summaries.js';
import { MAX_PAGE } from '../page.js';
import { listTrials } from './list-trials.js';

/** Of hyperparameters, and of metrics: a table is for reading, and each row holds all of them. */
const MOST_COLUMNS = 2_000;

export interface ExportTrialsInput {
  readonly experimentId: string;
  /** In the language of filters; absent: all. */
  readonly where?: string | null;
  /** Names of the metrics to show; absent: all. */
  readonly keys?: readonly string[] | null;
  /** Who the caller is now: asked before every page. @throws when it may no longer. */
  readonly recheck: () => Promise<Principal>;
}

export interface TrialRow {
  readonly trial: Trial;
  readonly summary: ReadonlyMap<string, MetricSummary>;
}

export interface TrialTable {
  /** Of all trials of the experiment, whatever the filter: two exports have the same columns. */
  readonly params: readonly ParamColumn[];
  readonly metricKeys: readonly string[];
  /** By number, as they are when their page is read. Leave the loop to stop reading. */
  readonly pages: AsyncGenerator<readonly TrialRow[], void, undefined>;
}

/**
 * The table as of now: trials that are made later are not in it.
 * @throws NOT_FOUND, FILTER_INVALID; LIMIT_EXCEEDED above 2,000 hyperparameters or metrics. The pages throw too.
 */
export async function exportTrials(deps: Deps, input: ExportTrialsInput): Promise<TrialTable> {
  const principal = await input.recheck();
  const { items } = await listTrials(deps, principal, {
    experimentId: input.experimentId,
    orderBy: { by: 'NUMBER', direction: 'DESC' },
    first: 1,
  });
  const experimentId = input.experimentId as ExperimentId; // listTrials found it
  // Hyperparameters never change, so these are all that trials up to the newest one have.
  const params = await listParamColumns(deps.database.read, experimentId, MOST_COLUMNS + 1);
  const [known = []] = await loadMetricKeys(deps, principal, [experimentId]);
  const metricKeys = input.keys ? [...new Set(input.keys)] : known;
  refuseTooMany(params.length, 'hyperparameters');
  refuseTooMany(metricKeys.length, 'metrics');
  return { params, metricKeys, pages: pagesOf(deps, { ...input, keys: metricKeys }, items[0]?.number ?? -1) };
}

async function* pagesOf(
  deps: Deps,
  { experimentId, where = null, keys = [], recheck }: ExportTrialsInput,
  newest: number,
): AsyncGenerator<readonly TrialRow[], void, undefined> {
  let after: string | null = null;
  for (;;) {
    const principal = await recheck();
    const page = await listTrials(deps, principal, { experimentId, where, first: MAX_PAGE, after });
    const trials = page.items.filter(({ number }) => number <= newest);
    const summaries = await loadSummaries(
      deps,
      principal,
      trials.map(({ id }) => id),
      keys,
    );
    if (trials.length > 0)
      yield trials.map((trial, i) => ({
        trial,
        summary: new Map((summaries[i] ?? []).map((one) => [one.key, one])),
      }));
    if (!page.hasNextPage || trials.length < page.items.length) return;
    after = page.cursors.at(-1) ?? null;
  }
}

function refuseTooMany(count: number, what: string): void {
  if (count <= MOST_COLUMNS) return;
  throw new PlatformError(
    'LIMIT_EXCEEDED',
    `the table would have more than ${MOST_COLUMNS} ${what}; name the metrics you need with keys, or read by GraphQL`,
    { limit: MOST_COLUMNS },
  );
}
