/** Keeps coordinates on grids moving: every neighbouring cell keeps a chance, however narrow the law has become. */

import { inverseLowerMass, lowerMass } from '../../math/normal.js';
import type { Layout } from './layout.js';
import type { NormalLaw } from './normal-law.js';

/**
 * The law with means and scales of grid coordinates moved so that the mass beyond each edge of the mean's cell is at least
 * about 1/(2 d lambda).
 * @source Hamano, Saito, Nomura, Shirakawa arXiv:2205.13482, section 4.2; equations (15) to (25).
 */
export function withMargin(law: NormalLaw, layout: Layout, lambda: number): NormalLaw {
  if (!layout.numbers.some(({ isGrid }) => isGrid)) return law;
  const d = layout.numbers.length;
  const alpha = 1 / (d * lambda);
  const mean = law.mean.slice();
  const scales = law.scales.slice();
  layout.numbers.forEach(({ isGrid, edges }, j) => {
    if (!isGrid) return;
    const m = mean[j] as number;
    const spread = law.sigma * Math.sqrt(law.covariance[j * d + j] as number);
    const [low, high] = edges(m);
    const moved = moveInside(m, spread, scales[j] as number, low, high, alpha);
    mean[j] = moved.mean;
    scales[j] = moved.scale;
  });
  return { ...law, mean, scales };
}

/** `spread` is the deviation before the scale. */
function moveInside(
  m: number,
  spread: number,
  scale: number,
  low: number,
  high: number,
  alpha: number,
): { readonly mean: number; readonly scale: number } {
  const deviation = spread * scale;
  const below = low === -Infinity ? 0 : lowerMass((low - m) / deviation);
  const above = high === Infinity ? 0 : lowerMass((m - high) / deviation);
  if (low === -Infinity || high === Infinity) {
    const reach = deviation * inverseLowerMass(1 - alpha);
    if (low === -Infinity && high !== Infinity && above < alpha) return { mean: high - reach, scale };
    if (high === Infinity && low !== -Infinity && below < alpha) return { mean: low + reach, scale };
    return { mean: m, scale };
  }
  if (below >= alpha / 2 && above >= alpha / 2) return { mean: m, scale };

  const between = 1 - below - above;
  const [left, right] = [Math.max(below, alpha / 2), Math.max(above, alpha / 2)];
  const surplus = 1 - left - right - between;
  const total = left + between + right - 1.5 * alpha;
  const quantile = (p: number) => inverseLowerMass(1 - (p + (surplus * (p - alpha / 2)) / total));
  const [zLeft, zRight] = [quantile(left), quantile(right)];
  return {
    mean: (low * zRight + high * zLeft) / (zLeft + zRight),
    scale: (high - low) / ((zLeft + zRight) * spread),
  };
}
