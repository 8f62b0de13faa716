/** What is held likely of the hyperparameters before any value is seen, and the bounds within which they are sought. */

/** Least and greatest: weight of a numeric column (lengths 100 and 0.01), of a categorical one, signal and noise. */
export const NUMERIC_BOUNDS = [1e-4, 1e4] as const;
export const CATEGORICAL_BOUNDS = [1e-4, 30] as const;
export const SIGNAL_BOUNDS = [1e-3, 1e3] as const;
export const NOISE_BOUNDS = [1e-8, 1] as const;

/** From so many columns on, lengths are expected to grow with their number; fully from twice as many. */
const WIDE = 8;

/**
 * -ln of the prior of a weight, given its logarithm; `slope` is by the logarithm. Few columns: 0.1/w + 0.1 w; many: a length
 * LogNormal(sqrt 2 + ln(columns)/2, sqrt 3).
 * @source Hvarfner et al. ICML 2024 (arXiv:2402.02229), equation 5, for the second.
 */
export function weightPrior(logWeight: number, columns: number): { readonly cost: number; readonly slope: number } {
  const w = Math.exp(logWeight);
  const wide = Math.min(1, Math.max(0, (columns - WIDE) / WIDE));
  const shift = -0.5 * logWeight - (Math.SQRT2 + 0.5 * Math.log(Math.max(1, columns)));
  return {
    cost: (1 - wide) * (0.1 / w + 0.1 * w) + wide * ((shift * shift) / 6 - 0.5 * logWeight),
    slope: (1 - wide) * (-0.1 / w + 0.1 * w) - wide * (shift / 6 + 0.5),
  };
}

/** -ln of Gamma(2, rate 1), as above. */
export function signalPrior(logSignal: number): { readonly cost: number; readonly slope: number } {
  const signal = Math.exp(logSignal);
  return { cost: signal - logSignal, slope: signal - 1 };
}

/** -ln of Gamma(1.1, rate 30), as above. */
export function noisePrior(logNoise: number): { readonly cost: number; readonly slope: number } {
  const noise = Math.exp(logNoise);
  return { cost: 30 * noise - 0.1 * logNoise, slope: 30 * noise - 0.1 };
}
