/** How the objective moves from level to level, whoever the trial is: what is left to model does not depend on who went on. */

import type { Result } from './results.js';

/**
 * The results as if all stood at the highest level: to each is added what trials usually gain on the way, the medians of the
 * moves between neighbouring levels of those that made them. A difference of means would put the gain down to who was let go on.
 * Values that were no numbers stand at the worst. O(n log n).
 */
export function detrended(results: readonly Result[], levels: number): readonly Result[] {
  const gains = gainsTo(results, levels);
  const moved = results.map(({ value, level }) => value + (gains[level] ?? 0));
  const worst = moved.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, value) : most), -Infinity);
  return results.map((result, i) => {
    const value = moved[i] ?? worst;
    return { ...result, value: Number.isFinite(value) ? value : worst === -Infinity ? 0 : worst };
  });
}

/** What is added at each level. [levels] */
function gainsTo(results: readonly Result[], levels: number): Float64Array {
  const values = new Map<string, number>(results.map(({ trial, level, value }) => [`${trial}/${level}`, value]));
  const gains = new Float64Array(levels);
  for (let level = levels - 2; level >= 0; level--) {
    const moves = results.flatMap((result) => {
      const next = result.level === level ? values.get(`${result.trial}/${level + 1}`) : undefined;
      return next === undefined || !Number.isFinite(next - result.value) ? [] : [next - result.value];
    });
    gains[level] = (gains[level + 1] ?? 0) + medianOf(moves);
  }
  return gains;
}

/** 0 of none. */
function medianOf(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const above = values[middle] ?? 0;
  return values.length % 2 === 1 ? above : ((values[middle - 1] ?? 0) + above) / 2;
}
