/**
 * The mean over problems of the mean over seeds, and how far it would move with other problems and other seeds: both are
 * drawn again, problems first. Differences of two methods on the same problem and seed make it paired.
 */
import type { Rng } from '../../../../src/search/math/rng.js';

export interface Estimate {
  readonly mean: number;
  /** Percentiles 2.5 and 97.5. */
  readonly low: number;
  readonly high: number;
}

export const RESAMPLES = 10_000;

/** `problems` holds a list of one number per seed for each problem; lists that are empty are left out. NaN without any. */
export function bootstrap(problems: readonly (readonly number[])[], rng: Rng, resamples = RESAMPLES): Estimate {
  const groups = problems.filter((seeds) => seeds.length > 0);
  if (groups.length === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN };
  const draw = (n: number) => Math.floor(rng.next() * n);
  const means = Float64Array.from({ length: resamples }, () => {
    let total = 0;
    for (let i = 0; i < groups.length; i++) {
      const seeds = groups[draw(groups.length)] ?? [];
      let sum = 0;
      for (let j = 0; j < seeds.length; j++) sum += seeds[draw(seeds.length)] ?? 0;
      total += sum / seeds.length;
    }
    return total / groups.length;
  }).sort();
  const mean = groups.reduce((sum, seeds) => sum + seeds.reduce((a, b) => a + b, 0) / seeds.length, 0) / groups.length;
  return { mean, low: percentile(means, 0.025), high: percentile(means, 0.975) };
}

/** Of sorted numbers, by linear interpolation. */
function percentile(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const [a, b] = [sorted[below] ?? Number.NaN, sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN];
  return a + (place - below) * (b - a);
}
