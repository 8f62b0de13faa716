/** How the objective moves from level to level, whoever the trial is: what is left to model does not depend on who went on. */

import type { Result } from './results.js';

/**
 * The results as if all stood at the highest level: to each is added what trials usually gain on the way, the medians of the
 * moves of those that made them, each from a level to the next that the trial has a value at. A difference of means would put
 * the gain down to who was let go on. Values that were no numbers stand at the worst. O(n log n).
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
      if (result.level !== level) return [];
      let to = level + 1;
      while (to < levels && !values.has(`${result.trial}/${to}`)) to += 1;
      const move = (values.get(`${result.trial}/${to}`) ?? Number.NaN) + (gains[to] ?? 0) - result.value;
      return Number.isFinite(move) ? [move] : [];
    });
    gains[level] = moves.length > 0 ? medianOf(moves) : (gains[level + 1] ?? 0);
  }
  return gains;
}

/** Of one at least. */
function medianOf(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const above = values[middle] ?? 0;
  return values.length % 2 === 1 ? above : ((values[middle - 1] ?? 0) + above) / 2;
}
