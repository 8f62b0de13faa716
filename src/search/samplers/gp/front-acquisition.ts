/** What a proposal maximises when there are several objectives: the expected growth of the volume below their front. */

import type { LogHypervolumeImprovement, MomentSlopes } from '../../math/log-hypervolume-improvement.js';
import { logSumExp } from '../../math/log-sum-exp.js';
import { solveForward } from '../../math/triangular.js';
import { type Acquisition, addSlopes, CHUNK, scaleRows } from './acquisition.js';
import { dotAt, LEAST_VARIANCE } from './belief.js';
import { covariances } from './kernel.js';
import type { Surrogate } from './surrogate.js';

/** What is pending as it may turn out to be. */
export interface FrontWorld {
  /** Normal draws for what is pending, by objective. [m][pending] */
  readonly draws: readonly Float64Array[];
  /** On the front with what is pending. */
  readonly improvement: LogHypervolumeImprovement;
}

/**
 * ln of the expected growth, averaged over the worlds. Objectives are independent given the row: one surrogate each, and the
 * variance that a value has of its own, in the surrogate's units. [m] each
 */
export function frontAcquisition(
  surrogates: readonly Surrogate[],
  noises: readonly number[],
  worlds: readonly FrontWorld[],
  width: number,
): Acquisition {
  const size = Math.max(1, ...surrogates.map(({ factor }) => factor.size));
  const inUnits = surrogates.map(() => new Float64Array(CHUNK * width));
  const v = surrogates.map(() => new Float64Array(CHUNK * size));
  const byDistance = surrogates.map(() => new Float64Array(size));
  const bySolution = new Float64Array(size);
  const deviations = new Float64Array(surrogates.length); // [m]
  const means = worlds.map(() => new Float64Array(surrogates.length)); // [worlds][m]
  const values = new Float64Array(worlds.length);
  const slopesOf = worlds.map((): MomentSlopes => {
    const perObjective = () => new Float64Array(surrogates.length);
    return { means: perObjective(), deviations: perObjective() };
  });

  return {
    scores: (rows, count) => {
      const totals = new Float64Array(count);
      for (let first = 0; first < count; first += CHUNK) {
        const many = Math.min(CHUNK, count - first);
        for (let o = 0; o < surrogates.length; o++) solve(o, rows, first * width, many);
        for (let r = 0; r < many; r++) {
          for (let o = 0; o < surrogates.length; o++) readMoments(o, r);
          totals[first + r] = averaged(false);
        }
      }
      return totals;
    },

    scoreWithSlopes: (row, slopes) => {
      slopes.fill(0);
      for (let o = 0; o < surrogates.length; o++) {
        solve(o, row, 0, 1, byDistance[o]);
        readMoments(o, 0);
      }
      const total = averaged(true);
      const shares = values.map((value) => Math.exp(value - Math.log(worlds.length) - total));
      surrogates.forEach((surrogate, o) => {
        writeSolutionSlopes(o, shares);
        addSlopes(surrogate, inUnits[o] as Float64Array, byDistance[o] as Float64Array, bySolution, slopes);
      });
      return total;
    },
  };

  /** L^-1 k for some rows, by one objective's model. */
  function solve(o: number, rows: Float64Array, from: number, count: number, slopes?: Float64Array): void {
    const { table, factor, hyperparameters } = surrogates[o] as Surrogate;
    const [scaled, target] = [inUnits[o], v[o]] as [Float64Array, Float64Array];
    scaleRows(rows, from, count, hyperparameters.weights, table.numeric, width, scaled);
    for (let r = 0; r < count; r++) {
      covariances(table, hyperparameters, scaled, r * width, target, r * factor.size, slopes);
    }
    solveForward(factor, { entries: target, offset: 0, stride: factor.size, count });
  }

  function readMoments(o: number, r: number): void {
    const { factor, hyperparameters, whitened } = surrogates[o] as Surrogate;
    const solved = v[o] as Float64Array;
    const at = r * factor.size;
    let square = 0;
    for (let i = 0; i < factor.size; i++) square += (solved[at + i] as number) * (solved[at + i] as number);
    const variance = Math.max(LEAST_VARIANCE, hyperparameters.signal - square);
    deviations[o] = Math.sqrt(variance + (noises[o] as number));
    const mean = dotAt(whitened, solved, at, whitened.length);
    worlds.forEach(({ draws }, s) => {
      const world = draws[o] as Float64Array;
      (means[s] as Float64Array)[o] = mean + dotAt(world, solved, at + whitened.length, world.length);
    });
  }

  function averaged(withSlopes: boolean): number {
    worlds.forEach(({ improvement }, s) => {
      values[s] = improvement(means[s] as Float64Array, deviations, withSlopes ? slopesOf[s] : undefined);
    });
    return logSumExp(values) - Math.log(worlds.length);
  }

  /** Slopes by v of one objective's model; `shares` [worlds] sum to 1. */
  function writeSolutionSlopes(o: number, shares: Float64Array): void {
    const { factor, whitened } = surrogates[o] as Surrogate;
    const solved = v[o] as Float64Array;
    const byMean = shares.map((share, s) => share * (slopesOf[s]?.means[o] as number)); // [worlds]
    const inAll = byMean.reduce((sum, slope) => sum + slope, 0);
    const byDeviation = shares.reduce((sum, share, s) => sum + share * (slopesOf[s]?.deviations[o] as number), 0);
    const byEntry = -byDeviation / (deviations[o] as number);
    for (let i = 0; i < factor.size; i++) {
      const j = i - whitened.length;
      const pull =
        j < 0
          ? inAll * (whitened[i] as number)
          : byMean.reduce((sum, slope, s) => sum + slope * (worlds[s]?.draws[o]?.[j] as number), 0);
      bySolution[i] = pull + byEntry * (solved[i] as number);
    }
  }
}
