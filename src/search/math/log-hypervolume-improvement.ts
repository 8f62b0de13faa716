/** How much the volume below a front is expected to grow by one more vector, in logs, with a slope wherever it is. */

import { logImprovement, logImprovementSlope, logLowerMassSlope } from './log-improvement.js';
import { logSumExp } from './log-sum-exp.js';
import type { Boxes } from './non-dominated-boxes.js';

/** Logarithms that differ by less have lost too many digits: the difference is then taken from the slope between them. */
const LEAST_DIFFERENCE = 1e-3;

/** Slopes of the value by each mean and each deviation. [m] each */
export interface MomentSlopes {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/**
 * ln of the expected growth by a vector whose entries are normal and independent, with these means and deviations > 0, [m]
 * each; finite where those are. Writes the slopes when wanted.
 */
export type LogHypervolumeImprovement = (
  means: Float64Array,
  deviations: Float64Array,
  slopes?: MomentSlopes,
) => number;

/**
 * Over the boxes that the front leaves undominated: the growth is the sum over them of the products of (u - max(l, y))+, and the
 * expectation of each factor is G(u) - G(l), G(a) = E (a - y)+. Exact; O(edges + boxes). Keeps its memory from call to call.
 * @source Emmerich, Deutz, Klinkenberg, IEEE CEC 2011; Yang et al. J. Global Optimization 2019; in logs as Ament et al. NeurIPS 2023.
 */
export function logHypervolumeImprovementOf({ count, edges, lower, upper }: Boxes): LogHypervolumeImprovement {
  // Of each edge: its distance from the mean in deviations, and ln h there.
  const distances = edges.map((list) => new Float64Array(list.length)); // [m][e]
  const logs = edges.map((list) => new Float64Array(list.length)); // [m][e]
  const rises = edges.map((list) => new Float64Array(list.length)); // slopes of the logs by the distances, [m][e]
  const terms = new Float64Array(count); // ln of each box's growth, but for the deviations
  const gaps = edges.map(() => new Float64Array(count)); // differences of the logs at both ends, [m][count]

  return (means, deviations, slopes) => {
    terms.fill(0);
    let scale = 0;
    for (let o = 0; o < edges.length; o++) {
      scale += Math.log(deviations[o] as number);
      readEdges(o, means[o] as number, deviations[o] as number, slopes !== undefined);
      addTerms(o, deviations[o] as number);
    }
    const total = logSumExp(terms);
    if (slopes !== undefined) writeSlopes(total, deviations, slopes);
    return scale + total;
  };

  function readEdges(o: number, mu: number, sigma: number, withRises: boolean): void {
    const list = edges[o] as Float64Array;
    const [z, h, rise] = [distances[o], logs[o], rises[o]] as [Float64Array, Float64Array, Float64Array];
    // The first edge is -Infinity: nothing is below it.
    for (let i = 1; i < list.length; i++) {
      z[i] = ((list[i] as number) - mu) / sigma;
      h[i] = logImprovement(z[i] as number);
      if (withRises) rise[i] = logImprovementSlope(z[i] as number);
    }
  }

  function addTerms(o: number, sigma: number): void {
    const list = edges[o] as Float64Array;
    const [z, h, gap] = [distances[o], logs[o], gaps[o]] as [Float64Array, Float64Array, Float64Array];
    const [from, to] = [lower[o], upper[o]] as [Int32Array, Int32Array];
    for (let k = 0; k < count; k++) {
      const [low, high] = [from[k] as number, to[k] as number];
      let term = h[high] as number;
      if (low > 0) {
        let difference = term - (h[low] as number);
        if (!(difference >= LEAST_DIFFERENCE)) {
          const step = ((list[high] as number) - (list[low] as number)) / sigma;
          difference = step * logImprovementSlope(((z[high] as number) + (z[low] as number)) / 2);
        }
        gap[k] = difference;
        term += difference < Math.LN2 ? Math.log(-Math.expm1(-difference)) : Math.log1p(-Math.exp(-difference));
      }
      terms[k] = (terms[k] as number) + term;
    }
  }

  function writeSlopes(total: number, deviations: Float64Array, slopes: MomentSlopes): void {
    for (let o = 0; o < edges.length; o++) {
      const [z, rise, gap] = [distances[o], rises[o], gaps[o]] as [Float64Array, Float64Array, Float64Array];
      const [from, to] = [lower[o], upper[o]] as [Int32Array, Int32Array];
      // Sums over boxes of the slopes by the distances, and of those times the distances.
      let byDistance = 0;
      let byScale = 0;
      for (let k = 0; k < count; k++) {
        const share = Math.exp((terms[k] as number) - total);
        if (share === 0) continue;
        const [low, high] = [from[k] as number, to[k] as number];
        const [near, far] = [z[high] as number, z[low] as number];
        const difference = gap[k] as number;
        if (low === 0) {
          byDistance += share * (rise[high] as number);
          byScale += share * (rise[high] as number) * near;
        } else if (difference < LEAST_DIFFERENCE) {
          // ln of step Phi(z): the step shrinks as the deviation grows.
          const middle = (near + far) / 2;
          const mills = logLowerMassSlope(middle);
          byDistance += share * mills;
          byScale += share * (1 + mills * middle);
        } else {
          const loss = Math.exp(-difference);
          const above = (share * (rise[high] as number)) / (1 - loss);
          const below = (share * loss * (rise[low] as number)) / (1 - loss);
          byDistance += above - below;
          byScale += above * near - below * far;
        }
      }
      const sigma = deviations[o] as number;
      slopes.means[o] = -byDistance / sigma;
      slopes.deviations[o] = (1 - byScale) / sigma;
    }
  }
}
