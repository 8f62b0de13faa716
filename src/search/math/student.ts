/** Student's law, as far as intervals need it. */

/** 97.5 % quantiles for 1 to 30 degrees of freedom. */
const QUANTILES: readonly number[] = [
  12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
  2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963, 2.079614, 2.073873, 2.068658,
  2.063899, 2.059539, 2.055529, 2.05183, 2.048407, 2.04523, 2.042272,
];
const Z = 1.959963984540054;

/** A mean of independent normal values and its two-sided 95 % interval; `low` and `high` are null for fewer than two values. */
export interface MeanInterval {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of the values, n - 1 in the denominator; null for fewer than two. */
  readonly deviation: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Of finite values, at least one. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value / count, 0);
  if (count < 2) return { count, mean, deviation: null, low: null, high: null };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / (count - 1), 0));
  const half = (quantile(count - 1) * deviation) / Math.sqrt(count);
  return { count, mean, deviation, low: mean - half, high: mean + half };
}

/** The 97.5 % quantile, to six digits. @source beyond 30: Abramowitz and Stegun 26.7.5, three terms. */
function quantile(freedom: number): number {
  const known = QUANTILES[freedom - 1];
  if (known !== undefined) return known;
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
  ];
  return terms.reduce((sum, term, i) => sum + term / freedom ** (i + 1), Z);
}
