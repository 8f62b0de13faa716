/** The normal law of CMA-ES, and how a generation moves it. */

import { symmetricEigen } from '../../math/symmetric-eigen.js';
import type { Constants } from './constants.js';

/** N(mean, sigma^2 C) of d coordinates in the unit cube; those on grids are drawn `scales` times as wide. */
export interface NormalLaw {
  readonly mean: Float64Array; // [d]
  readonly sigma: number;
  /** C, by rows. [d, d] */
  readonly covariance: Float64Array;
  /** Eigenvectors of C as columns, and square roots of its eigenvalues, ascending. [d, d], [d] */
  readonly axes: Float64Array;
  readonly lengths: Float64Array;
  /** 1 but on grids. [d] */
  readonly scales: Float64Array;
  readonly pathSigma: Float64Array; // [d]
  readonly pathC: Float64Array; // [d]
  /** Generations learnt from. */
  readonly generation: number;
}

/** A trial as a step y from the mean, in units of sigma and before scales. */
export interface Step {
  /** 0 where the trial says nothing. [d] */
  readonly selected: Float64Array;
  /** The same, but as drawn where the trial says nothing: chance neither widens nor narrows the law there. [d] */
  readonly drawn: Float64Array;
}

/** The law at the start of a run. */
export function freshLaw(mean: Float64Array, sigma: number): NormalLaw {
  const d = mean.length;
  const unit = new Float64Array(d * d);
  for (let i = 0; i < d; i++) unit[i * d + i] = 1;
  const ones = new Float64Array(d).fill(1);
  const zeros = new Float64Array(d);
  return {
    mean,
    sigma,
    covariance: unit,
    axes: unit,
    lengths: ones,
    scales: ones,
    pathSigma: zeros,
    pathC: zeros,
    generation: 0,
  };
}

/**
 * The law after a generation; `steps` best first. O(lambda d^2 + d^3).
 * @source Hansen arXiv:1604.00772, equations (38) to (47), (53) for negative weights.
 */
export function learn(law: NormalLaw, steps: readonly Step[], constants: Constants, isDiagonal: boolean): NormalLaw {
  const { weights, mu, mueff, c1, cmu, cc, cs, ds, chi } = constants;
  const d = law.mean.length;
  const moved = weighted(
    steps.slice(0, mu).map(({ selected }) => selected),
    weights,
    d,
  );
  const mean = law.mean.map((m, j) => m + law.sigma * (moved[j] as number));

  const rate = Math.sqrt(cs * (2 - cs) * mueff);
  const white = whiten(law, moved);
  const pathSigma = law.pathSigma.map((p, j) => (1 - cs) * p + rate * (white[j] as number));
  const length = norm(pathSigma);
  const bias = Math.sqrt(1 - (1 - cs) ** (2 * (law.generation + 1)));
  const isOnTrack = length / bias < (1.4 + 2 / (d + 1)) * chi;
  const pull = isOnTrack ? Math.sqrt(cc * (2 - cc) * mueff) : 0;
  const pathC = law.pathC.map((p, j) => (1 - cc) * p + pull * (moved[j] as number));

  const ranked = steps.map(({ drawn }, i) => {
    const weight = weights[i] as number;
    return weight >= 0 ? weight : (weight * d) / (norm(whiten(law, drawn)) ** 2 + 1e-12);
  });
  const kept = 1 + (isOnTrack ? 0 : c1 * cc * (2 - cc)) - c1 - cmu * weights.reduce((sum, weight) => sum + weight, 0);
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = isDiagonal ? i : 0; j <= i; j++) {
      let entry = kept * at(law.covariance, i * d + j) + c1 * at(pathC, i) * at(pathC, j);
      for (let k = 0; k < steps.length; k++) {
        const { drawn } = steps[k] as Step;
        entry += cmu * (ranked[k] as number) * at(drawn, i) * at(drawn, j);
      }
      covariance[i * d + j] = entry;
      covariance[j * d + i] = entry;
    }
  }
  const sigma = law.sigma * Math.exp(Math.min(1, (cs / ds) * (length / chi - 1)));
  return {
    ...withAxes(covariance, d),
    mean,
    sigma,
    scales: law.scales,
    pathSigma,
    pathC,
    generation: law.generation + 1,
  };
}

/** C^-1/2 y. [d] */
export function whiten({ axes, lengths }: NormalLaw, y: Float64Array): Float64Array {
  const d = y.length;
  const along = lengths.map((length, k) => {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += at(axes, i * d + k) * at(y, i);
    return sum / length;
  });
  return turned(axes, along);
}

/** B D z: a draw from N(0, C) when z is standard normal. [d] */
export function colour({ axes, lengths }: NormalLaw, z: Float64Array): Float64Array {
  return turned(
    axes,
    z.map((value, k) => value * at(lengths, k)),
  );
}

export function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

/** Rounding may leave C a little short of positive: its smallest eigenvalues are raised. */
function withAxes(covariance: Float64Array, d: number): Pick<NormalLaw, 'covariance' | 'axes' | 'lengths'> {
  const { values, vectors } = symmetricEigen(covariance, d);
  const floor = 1e-16 * Math.max(at(values, d - 1), 1e-280);
  if (at(values, 0) >= floor) return { covariance, axes: vectors, lengths: values.map(Math.sqrt) };

  const raised = values.map((value) => Math.max(value, floor));
  const repaired = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let entry = 0;
      for (let k = 0; k < d; k++) entry += at(vectors, i * d + k) * at(raised, k) * at(vectors, j * d + k);
      repaired[i * d + j] = entry;
    }
  }
  return { covariance: repaired, axes: vectors, lengths: raised.map(Math.sqrt) };
}

/** Sum of vectors times weights. [d] */
function weighted(vectors: readonly Float64Array[], weights: Float64Array, d: number): Float64Array {
  const sum = new Float64Array(d);
  vectors.forEach((vector, k) => {
    for (let j = 0; j < d; j++) sum[j] = at(sum, j) + at(weights, k) * at(vector, j);
  });
  return sum;
}

/** B x. [d] */
function turned(axes: Float64Array, x: Float64Array): Float64Array {
  const d = x.length;
  const y = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += at(axes, i * d + k) * at(x, k);
    y[i] = sum;
  }
  return y;
}

function at(array: Float64Array, i: number): number {
  return array[i] as number;
}
