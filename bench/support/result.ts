/** What a benchmark ends with. A ratio above 1 means that we are better than the rival or limit of the same run. */
export interface Result {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  readonly rival: string;
  readonly rivalFigure: number;
  readonly ratio: number;
  /** The rival was stopped at its time limit, which stands as its figure: it is worse than that, the ratio larger. */
  readonly rivalStopped?: true;
}

/** One figure, or one per round: rounds of both sides at the same index were run one after the other. */
export type Figures = number | readonly number[];

/** Prints the results as the last line. */
export function finish(results: readonly Result[]): void {
  for (const { name, figure, unit, rival, rivalFigure, ratio } of results) {
    console.error(`${name}: ${figure} ${unit}; ${rival}: ${rivalFigure} ${unit}; ratio ${ratio}`);
  }
  console.log(JSON.stringify(results));
}

/** Higher is better. */
export function rate(name: string, own: Figures, unit: string, rival: string, theirs: Figures): Result {
  return result(name, own, unit, rival, theirs, (ours, other) => ours / other);
}

/** Lower is better. */
export function cost(name: string, own: Figures, unit: string, rival: string, theirs: Figures): Result {
  return result(name, own, unit, rival, theirs, (ours, other) => other / ours);
}

/** Milliseconds: lower is better. */
export function latency(name: string, own: Figures, rival: string, theirs: Figures): Result {
  return cost(name, own, 'ms', rival, theirs);
}

/** MiB by which memory grew: lower is better. */
export function growth(name: string, own: Figures, rival: string, theirs: Figures): Result {
  return cost(name, own, 'MiB', rival, theirs);
}

/** Lower is better. */
export function size(name: string, own: Figures, rival: string, theirs: Figures): Result {
  return cost(name, own, 'bytes/point', rival, theirs);
}

/** Medians of both sides, and the median of the ratios of the pairs where there are pairs. */
function result(
  name: string,
  own: Figures,
  unit: string,
  rival: string,
  theirs: Figures,
  better: (ours: number, other: number) => number,
): Result {
  const [ours, others] = [[own].flat(), [theirs].flat()];
  const [figure, rivalFigure] = [quantile(ours, 0.5), quantile(others, 0.5)];
  const ratio =
    ours.length === others.length
      ? quantile(
          ours.map((one, i) => better(one, others[i] as number)),
          0.5,
        )
      : better(figure, rivalFigure);
  return { name, figure: rounded(figure), unit, rival, rivalFigure: rounded(rivalFigure), ratio: rounded(ratio) };
}

/** The q-quantile of unsorted numbers, nearest rank. NaN without any. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3));
}
