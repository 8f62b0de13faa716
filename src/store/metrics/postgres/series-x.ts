/**
 * Another metric as the x of series that were read: its last finite value at the step of a raw row, the value it shows in
 * the bucket of a bucket. Read once for all series of an attempt, on their grid and no finer than they need.
 */
import type { Sql } from '../../database.js';
import { groupBy } from '../../streams/group-by.js';
import type { SeriesPoints } from '../metric-store.js';
import { type BucketColumns, BucketGrid, filterBuckets } from './bucket-grid.js';
import { planStream, touches } from './chart-plan.js';
import type { Source } from './read-compacted.js';
import type { Stretch } from './read-points.js';
import { placeOf } from './series-origin.js';
import { type SourcePlan, takePoints } from './take-points.js';
import { pick, type Window } from './window.js';

/** A series, and the width of its buckets; null when it has raw points. */
export interface ReadSeries {
  readonly points: SeriesPoints;
  readonly width: number | null;
}

/** The x of each of the series, in their order. `sources`, `keyIds`: of the metric that is x. */
export async function readMetricX(
  sql: Sql,
  series: readonly ReadSeries[],
  sources: readonly Source[],
  logs: readonly Stretch[],
  keyIds: ReadonlySet<number>,
  window: Window,
): Promise<Float64Array[]> {
  const byPlace = groupBy(series, ({ points }) => placeOf(points));
  const metrics = new Map([...byPlace].map(([place, own]) => [place, new XMetric(own, window)]));
  const plans = sources.flatMap((source): SourcePlan[] => {
    const metric = metrics.get(placeOf(source.stream));
    return metric === undefined ? [] : [{ source, plan: metric.plan(source) }];
  });
  const own = logs.filter(({ stream }) => metrics.has(placeOf(stream)));
  await takePoints(sql, own, plans, keyIds, {
    compacted: ({ stream }, part) => metrics.get(placeOf(stream))?.add(part),
    logged: (stream, columns) => metrics.get(placeOf(stream))?.addPoints(columns),
  });

  const found = new Map<ReadSeries, Float64Array>();
  for (const [place, own] of byPlace) metrics.get(place)?.fill(own, found);
  return series.map((one) => found.get(one) as Float64Array); // each is of one place
}

type Points = Pick<SeriesPoints, 'steps' | 'times' | 'values'>;

/** The x metric of one attempt, collected for its series. */
class XMetric {
  /** Where the series have rows. */
  private readonly window: Window;
  /** What reads must not be wider than. */
  private readonly width: number;
  /** Last finite value at each step of a raw row. */
  private readonly values: Map<number, number>;
  private readonly grid: BucketGrid | null;

  constructor(series: readonly ReadSeries[], window: Window) {
    const raw = series.filter(({ width }) => width === null);
    const widths = series.flatMap(({ width }) => (width === null ? [] : [width]));
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { points, width } of series) {
      for (const step of points.steps) {
        const first = width === null ? step : Math.floor(step / width) * width;
        from = Math.min(from, first);
        to = Math.max(to, first + (width ?? 1) - 1);
      }
    }
    this.window = { ...window, from: Math.max(window.from, from), to: Math.min(window.to, to) };
    this.values = new Map(raw.flatMap(({ points }) => Array.from(points.steps, (step) => [step, Number.NaN])));
    this.grid = widths.length === 0 ? null : new BucketGrid(Math.min(...widths));
    this.width = raw.length > 0 || this.grid === null ? 1 : this.grid.width;
  }

  plan(source: Source): SourcePlan['plan'] {
    const groups = source.groups.filter(({ header }) => touches(header, this.window));
    return planStream(groups, this.width, source.gaps, this.window);
  }

  add(part: BucketColumns | Points): void {
    if (!('places' in part)) {
      this.addPoints(part);
      return;
    }
    const { from, to } = this.window;
    const { width } = part;
    this.grid?.addBuckets(filterBuckets(part, (place) => (place + 1) * width > from && place * width <= to));
  }

  addPoints(points: Points): void {
    const { steps, times, values } = pick(points, this.window);
    this.grid?.addPoints(steps, times, values);
    if (this.values.size === 0) return;
    for (let i = 0; i < steps.length; i++) {
      const [step, value] = [steps[i] as number, values[i] as number];
      if (Number.isFinite(value) && this.values.has(step)) this.values.set(step, value);
    }
  }

  fill(series: readonly ReadSeries[], found: Map<ReadSeries, Float64Array>): void {
    for (const one of [...series].sort((a, b) => (a.width ?? 0) - (b.width ?? 0))) {
      const { points, width } = one;
      while (width !== null && this.grid !== null && this.grid.width < width) this.grid.widen();
      const xOf = (step: number) =>
        width === null ? this.values.get(step) : this.grid?.valueAt(Math.floor(step / width));
      found.set(
        one,
        points.steps.map((step) => xOf(step) ?? Number.NaN),
      );
    }
  }
}
