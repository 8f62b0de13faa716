/** The strategy parameters of CMA-ES: functions of the number of coordinates and the size of a generation. */

export interface Constants {
  /** Trials a generation. */
  readonly lambda: number;
  /** By rank, the best first; the first mu are positive and sum to 1, the others negative. [lambda] */
  readonly weights: Float64Array;
  readonly mu: number;
  readonly mueff: number;
  /** Learning rates of the covariance: rank one, rank mu. */
  readonly c1: number;
  readonly cmu: number;
  /** Of the path of the covariance. */
  readonly cc: number;
  /** Of the path of the step size, and its damping. */
  readonly cs: number;
  readonly ds: number;
  /** Expected length of a standard normal vector. */
  readonly chi: number;
}

/** Trials a generation by default. */
export function defaultLambda(d: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(1, d)));
}

/**
 * The constants for d >= 1 coordinates; with a diagonal covariance the learning rates are larger.
 * @source Hansen arXiv:1604.00772, table 1 and equations (49) to (58); diagonal: Ros, Hansen, PPSN 2008.
 */
export function constantsOf(d: number, lambda: number, isDiagonal: boolean): Constants {
  const mu = Math.floor(lambda / 2);
  const raw = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const positive = raw.subarray(0, mu);
  const negative = raw.subarray(mu);
  const mueff = effective(positive);
  const faster = isDiagonal ? (d + 2) / 3 : 1;
  const c1 = Math.min(1, (faster * 2) / ((d + 1.3) ** 2 + mueff));
  const cmu = Math.min(1 - c1, (faster * 2 * (mueff - 2 + 1 / mueff)) / ((d + 2) ** 2 + mueff));
  const least = Math.min(1 + c1 / cmu, 1 + (2 * effective(negative)) / (mueff + 2), (1 - c1 - cmu) / (d * cmu));
  const up = sum(positive);
  const down = Math.abs(sum(negative));
  const weights = raw.map((weight) => (weight >= 0 ? weight / up : down > 0 && cmu > 0 ? (weight * least) / down : 0));
  const cs = (mueff + 2) / (d + mueff + 5);
  return {
    lambda,
    weights,
    mu,
    mueff,
    c1,
    cmu,
    cc: (4 + mueff / d) / (d + 4 + (2 * mueff) / d),
    cs,
    ds: 1 + 2 * Math.max(0, Math.sqrt((mueff - 1) / (d + 1)) - 1) + cs,
    chi: Math.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d)),
  };
}

/** How many equal weights would vary as little. */
function effective(weights: Float64Array): number {
  const squares = sum(weights.map((weight) => weight * weight));
  return squares === 0 ? 0 : sum(weights) ** 2 / squares;
}

function sum(weights: Float64Array): number {
  return weights.reduce((total, weight) => total + weight, 0);
}
