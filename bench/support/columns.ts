/** Points as the benchmarks send them: columns per metric, base64 for us and array literals for rows. */
export interface Shape {
  /** In one batch. */
  readonly points: number;
  /** Among which they are shared. */
  readonly metrics: number;
}

export interface Columns {
  readonly key: string;
  readonly steps: Float64Array; // [points / metrics]
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** One batch of random values whose steps begin at `from`. */
export function columnsOf({ points, metrics }: Shape, from: number): readonly Columns[] {
  const n = points / metrics;
  const steps = Float64Array.from({ length: n }, (_, i) => from + i);
  const times = Float64Array.from({ length: n }, () => Date.now() / 1_000);
  return Array.from({ length: metrics }, (_, i) => ({
    key: `metric-${i}`,
    steps,
    times,
    values: Float64Array.from({ length: n }, () => Math.random()),
  }));
}

/** The argument `series` of reportMetrics. */
export function seriesOf(columns: readonly Columns[]) {
  return columns.map(({ key, steps, times, values }) => ({
    key,
    steps: base64(steps),
    times: base64(times),
    values: base64(values),
  }));
}

export function base64(column: Float64Array): string {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64');
}

/** As fast as an array parameter gets: the driver's own way quotes every element. */
export function literal(values: ArrayLike<number>): string {
  return `{${Array.prototype.join.call(values, ',')}}`;
}
