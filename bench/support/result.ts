/** What a benchmark ends with. A ratio above 1 means that we are better than the rival or limit of the same run. */
export interface Result {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  readonly rival: string;
  readonly rivalFigure: number;
  readonly ratio: number;
}

/** Prints the results as the last line. */
export function finish(results: readonly Result[]): void {
  for (const { name, figure, unit, rival, rivalFigure, ratio } of results) {
    console.error(`${name}: ${figure} ${unit}; ${rival}: ${rivalFigure} ${unit}; ratio ${ratio}`);
  }
  console.log(JSON.stringify(results));
}

/** Higher is better. */
export function rate(name: string, figure: number, unit: string, rival: string, rivalFigure: number): Result {
  return {
    name,
    figure: Math.round(figure),
    unit,
    rival,
    rivalFigure: Math.round(rivalFigure),
    ratio: rounded(figure / rivalFigure),
  };
}

/** Milliseconds: lower is better. */
export function latency(name: string, figure: number, rival: string, rivalFigure: number): Result {
  return lower(name, figure, 'ms', rival, rivalFigure);
}

/** MiB by which memory grew: lower is better. */
export function growth(name: string, figure: number, rival: string, rivalFigure: number): Result {
  return lower(name, figure, 'MiB', rival, rivalFigure);
}

function lower(name: string, figure: number, unit: string, rival: string, rivalFigure: number): Result {
  return {
    name,
    figure: rounded(figure),
    unit,
    rival,
    rivalFigure: rounded(rivalFigure),
    ratio: rounded(rivalFigure / figure),
  };
}

/** Lower is better. */
export function size(name: string, figure: number, rival: string, rivalFigure: number): Result {
  return { ...latency(name, figure, rival, rivalFigure), unit: 'bytes/point' };
}

/** The q-quantile of unsorted numbers, nearest rank. NaN without any. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
