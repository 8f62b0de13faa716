/** Which few points of a front cover most of what it dominates. */

import type { Values } from './fronts.js';
import { exclusive } from './hypervolume.js';

/**
 * Indices of `size` points, each once, each the one that adds most volume to those before it; ties go to the lower index. Within
 * 1 - 1/e of the best choice, since what a point adds can only shrink: so most need not be looked at again.
 * @source Guerreiro, Fonseca, Paquete, Evolutionary Computation 2016; lazily: Minoux 1978.
 */
export function hypervolumeSubset(given: readonly Values[], size: number, end: Values): readonly number[] {
  const scales = end.map((last, o) => scaleOf([last, ...given.map((point) => point[o] as number)]));
  const scaled = (point: Values) => point.map((value, o) => value * (scales[o] as number));
  const points = given.map(scaled);
  const reference = scaled(end);

  const chosen: Values[] = [];
  const answer: number[] = [];
  // Volumes of infinite values may be no numbers, which no comparison would pass over.
  const volumeOf = (i: number) => exclusive(points[i] as Values, chosen, reference) || 0;
  const bounds = Float64Array.from(points, (_, i) => volumeOf(i));
  const fresh = new Int32Array(points.length); // how many were chosen when the bound was worked out
  while (answer.length < Math.min(size, points.length)) {
    let best = -1;
    for (;;) {
      best = largest(bounds);
      if (fresh[best] === chosen.length) break;
      bounds[best] = volumeOf(best);
      fresh[best] = chosen.length;
    }
    answer.push(best);
    chosen.push(points[best] as Values);
    bounds[best] = -1;
  }
  return answer;
}

/** A power of two that brings values to about 1, so that no product of sides overflows: exact, and of no say in what adds most. */
function scaleOf(values: readonly number[]): number {
  const largest = values.reduce((most, x) => (Math.abs(x) < Infinity ? Math.max(most, Math.abs(x)) : most), 0);
  return largest === 0 ? 1 : 2 ** -Math.max(-1_000, Math.ceil(Math.log2(largest)));
}

function largest(bounds: Float64Array): number {
  let best = 0;
  for (let i = 1; i < bounds.length; i++) if ((bounds[i] as number) > (bounds[best] as number)) best = i;
  return best;
}
