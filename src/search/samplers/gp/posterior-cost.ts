/** How badly hyperparameters explain some values: minus the log posterior, with its gradient, and leave-one-out predictions. */

import { factorFrom, invertFactor } from '../../math/cholesky.js';
import { solveBackward, solveForward } from '../../math/triangular.js';
import { covariances, type Hyperparameters, scaled, type Table } from './kernel.js';
import { noisePrior, signalPrior, weightPrior } from './prior.js';

/** Keeps the matrix positive definite when values have no noise. */
export const LEAST_NOISE = 1e-8;

/** Standardised values at rows; `noiseShare[i]` multiplies the noise of row i. */
export interface Sample {
  readonly table: Table;
  readonly values: Float64Array; // [count]
  readonly noiseShare: Float64Array; // [count]
}

/** ln of the weights, of the signal and of the noise, [width + 2]. */
export type LogHyperparameters = Float64Array;

export function fromLogs(logs: LogHyperparameters): Hyperparameters {
  const width = logs.length - 2;
  return {
    weights: logs.slice(0, width).map(Math.exp),
    signal: Math.exp(logs[width] ?? 0),
    noise: Math.exp(logs[width + 1] ?? 0),
  };
}

/**
 * Minus the log posterior, up to a constant; writes its gradient. Infinity where the matrix cannot be factored.
 * O(count^3 / 2).
 * @source Rasmussen and Williams 2006, equations 5.8 and 5.9.
 */
export function posteriorCost(sample: Sample, logs: LogHyperparameters, gradient: Float64Array): number {
  const { table, noiseShare } = sample;
  const { count, width, numeric } = table;
  const { weights, signal, noise } = fromLogs(logs);
  const parts = factored(sample, { weights, signal, noise });
  if (parts === null) return Infinity;
  const { rows, covariance, slopes, inverse, solved, cost: misfit } = parts;

  gradient.fill(0);
  let signalSlope = 0;
  let noiseSlope = 0;
  for (let i = 0, a = 0; i < count; i++, a += width) {
    const solvedI = solved[i] as number;
    for (let k = 0, b = 0; k < i; k++, b += width) {
      const at = i * count + k;
      const pull = solvedI * (solved[k] as number) - (inverse[at] as number);
      const shared = pull * (covariance[at] as number);
      const sloped = pull * (slopes[at] as number);
      signalSlope += shared;
      for (let j = 0; j < numeric; j++) {
        const gap = (rows[a + j] as number) - (rows[b + j] as number);
        gradient[j] = (gradient[j] as number) - sloped * gap * gap;
      }
      for (let j = numeric; j < width; j++) {
        if (rows[a + j] !== rows[b + j]) gradient[j] = (gradient[j] as number) + shared * (weights[j] as number);
      }
    }
    const pull = solvedI * solvedI - (inverse[i * count + i] as number);
    signalSlope += 0.5 * pull * signal;
    noiseSlope += 0.5 * pull * noise * (noiseShare[i] as number);
  }

  let cost = misfit;
  for (let j = 0; j < width; j++) {
    const prior = weightPrior(logs[j] as number, width);
    cost += prior.cost;
    gradient[j] = (gradient[j] as number) + prior.slope;
  }
  const onSignal = signalPrior(logs[width] as number);
  const onNoise = noisePrior(logs[width + 1] as number);
  gradient[width] = onSignal.slope - signalSlope;
  gradient[width + 1] = onNoise.slope - noiseSlope;
  return cost + onSignal.cost + onNoise.cost;
}

/** What each value is expected to be from the others alone; null where the matrix cannot be factored. */
export function leaveOneOut(
  sample: Sample,
  hyperparameters: Hyperparameters,
): { readonly means: Float64Array; readonly variances: Float64Array } | null {
  const parts = factored(sample, hyperparameters);
  if (parts === null) return null;
  const { count } = sample.table;
  const variances = sample.values.map((_, i) => 1 / (parts.inverse[i * count + i] as number));
  const means = sample.values.map((value, i) => value - (parts.solved[i] as number) * (variances[i] as number));
  return { means, variances };
}

interface Factored {
  /** Rows in units of their lengths. */
  readonly rows: Float64Array;
  /** Lower triangles [count, count]. */
  readonly covariance: Float64Array;
  readonly slopes: Float64Array;
  readonly inverse: Float64Array;
  /** K^-1 y */
  readonly solved: Float64Array;
  /** Minus the log likelihood. */
  readonly cost: number;
}

function factored({ table, values, noiseShare }: Sample, hyperparameters: Hyperparameters): Factored | null {
  const { count, width } = table;
  const rows = scaled(table, hyperparameters.weights);
  const { covariance, slopes, entries, work, inverse } = arena(count);
  for (let i = 0; i < count; i++) {
    const others = { ...table, rows, count: i };
    covariances(others, hyperparameters, rows, i * width, covariance, i * count, slopes);
    covariance[i * count + i] =
      hyperparameters.signal + hyperparameters.noise * (noiseShare[i] as number) + LEAST_NOISE;
  }

  entries.set(covariance.subarray(0, count * count));
  const factor = { entries, stride: count, size: count };
  if (!factorFrom(factor, 0)) return null;
  const solved = values.slice();
  solveForward(factor, { entries: solved, offset: 0, stride: count, count: 1 });
  let cost = 0;
  for (let i = 0; i < count; i++) {
    cost += 0.5 * (solved[i] as number) * (solved[i] as number) + Math.log(entries[i * count + i] as number);
  }
  solveBackward(factor, solved);
  invertFactor(factor, work, inverse);
  return { rows, covariance, slopes, inverse, solved, cost };
}

interface Arena {
  readonly covariance: Float64Array;
  readonly slopes: Float64Array;
  readonly entries: Float64Array;
  readonly work: Float64Array;
  readonly inverse: Float64Array;
}

/** Matrices that one evaluation after the other writes over: a fit would else make megabytes of garbage at every step. */
let shared: Arena & { readonly size: number } = { ...emptyArena(0), size: 0 };

function arena(size: number): Arena {
  if (size > shared.size) shared = { ...emptyArena(size), size };
  return shared;
}

function emptyArena(size: number): Arena {
  const matrix = () => new Float64Array(size * size);
  return { covariance: matrix(), slopes: matrix(), entries: matrix(), work: matrix(), inverse: matrix() };
}
