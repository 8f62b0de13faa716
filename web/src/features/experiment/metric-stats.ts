/** Last and best value of a metric of a trial: what was stored when its row was read, and what came since. */
import {
  decodeFloat,
  type ExperimentFieldsFragment,
  type MetricSummaryFieldsFragment,
} from '../../../../sdk/typescript/browser.js';
import type { PointsSummary } from '../../live/series-store.js';

/** NaN where there is nothing. */
export interface MetricStats {
  readonly last: number;
  readonly best: number;
}

const SMALLER_IS_BETTER = /loss|error|err\b|mse|mae|rmse|perplexity|ppl|nll|regret|latency|seconds|time/i;
const LARGER_IS_BETTER = /acc|score|f1|auc|precision|recall|reward|return|r2|bleu|rouge|map\b|iou|throughput/i;

/** Whether less of `metric` is better: the objective's goal for its metric, else what the name suggests. */
export function isMinimized(metric: string, search: Pick<ExperimentFieldsFragment, 'search'>['search']): boolean {
  const objective = search?.objective;
  if (objective?.metric === metric) return objective.goal === 'MINIMIZE';
  if (SMALLER_IS_BETTER.test(metric)) return true;
  if (LARGER_IS_BETTER.test(metric)) return false;
  return objective?.goal !== 'MAXIMIZE';
}

export function metricStats(
  stored: readonly MetricSummaryFieldsFragment[],
  live: PointsSummary | null,
  metric: string,
  isMinimize: boolean,
): MetricStats {
  const row = stored.find(({ key }) => key === metric);
  const storedBest = row ? (isMinimize ? row.min : row.max) : null;
  const liveBest = live ? (isMinimize ? live.min : live.max) : Number.NaN;
  const best = better(storedBest === null ? Number.NaN : decodeFloat(storedBest), liveBest, isMinimize);
  const isLiveNewer = live !== null && (!row || live.lastStep >= row.lastStep);
  return { best, last: isLiveNewer ? live.last : row ? decodeFloat(row.last) : Number.NaN };
}

function better(a: number, b: number, isMinimize: boolean): number {
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b)) return a;
  return isMinimize ? Math.min(a, b) : Math.max(a, b);
}
