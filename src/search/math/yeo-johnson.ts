/** A power transform for values of either sign, that makes a sample look more normal. */

import { goldenSection } from './golden-section.js';

/**
 * The transform of x with power lambda: the identity at 1, stretched below and pressed above for less than 1.
 * @source Yeo and Johnson, Biometrika 87 (2000), equation 2.
 */
export function yeoJohnson(x: number, lambda: number): number {
  return powered(Math.log1p(Math.abs(x)), x < 0, lambda);
}

/** The lambda in [-2, 4] of greatest likelihood, to 1e-3; 1 when the values are all alike. */
export function fitYeoJohnson(values: Float64Array): number {
  const count = values.length;
  if (count < 2 || values.every((x) => x === values[0])) return 1;
  // What does not depend on lambda is most of the work.
  const logs = values.map((x) => Math.log1p(Math.abs(x)));
  const total = values.reduce((sum, x, i) => sum + Math.sign(x) * (logs[i] as number), 0);
  const cost = (lambda: number) => {
    let mean = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const shift = powered(logs[i] as number, (values[i] as number) < 0, lambda) - mean;
      mean += shift / (i + 1);
      squares += shift * shift * (i / (i + 1));
    }
    return 0.5 * count * Math.log(squares / count) - (lambda - 1) * total;
  };
  return goldenSection(cost, -2, 4, 1e-3);
}

/** The transform of a value of which ln(1 + |x|) is known. */
function powered(log: number, isNegative: boolean, lambda: number): number {
  const power = isNegative ? 2 - lambda : lambda;
  const size = Math.abs(power) < 1e-12 ? log : Math.expm1(power * log) / power;
  return isNegative ? -size : size;
}
