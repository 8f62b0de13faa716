/** A power transform for values of either sign, that makes a sample look more normal. */

import { goldenSection } from './golden-section.js';

/**
 * The transform of x with power lambda: the identity at 1, stretched below and pressed above for less than 1.
 * @source Yeo and Johnson, Biometrika 87 (2000), equation 2.
 */
export function yeoJohnson(x: number, lambda: number): number {
  if (x >= 0) return Math.abs(lambda) < 1e-12 ? Math.log1p(x) : Math.expm1(lambda * Math.log1p(x)) / lambda;
  const mirrored = 2 - lambda;
  return Math.abs(mirrored) < 1e-12 ? -Math.log1p(-x) : -Math.expm1(mirrored * Math.log1p(-x)) / mirrored;
}

/** The lambda in [-2, 4] of greatest likelihood, to 1e-3; 1 when the values are all alike. */
export function fitYeoJohnson(values: Float64Array): number {
  const count = values.length;
  const logs = values.reduce((sum, x) => sum + Math.sign(x) * Math.log1p(Math.abs(x)), 0);
  if (count < 2 || values.every((x) => x === values[0])) return 1;
  const cost = (lambda: number) => {
    let mean = 0;
    let squares = 0;
    values.forEach((x, i) => {
      const shift = yeoJohnson(x, lambda) - mean;
      mean += shift / (i + 1);
      squares += shift * shift * (i / (i + 1));
    });
    return 0.5 * count * Math.log(squares / count) - (lambda - 1) * logs;
  };
  return goldenSection(cost, -2, 4, 1e-3);
}
