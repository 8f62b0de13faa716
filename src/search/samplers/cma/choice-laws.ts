/** The laws of choices without order beside CMA-ES: one distribution a parameter, moved along the natural gradient. */

/** Laws of all choices, and the state of their common step size. */
export interface ChoiceLaws {
  /** By parameter, probabilities of its K choices. [c][K] */
  readonly laws: readonly Float64Array[];
  /** Running mean of the direction, K - 1 entries a parameter. */
  readonly path: Float64Array;
  readonly gamma: number;
  /** Reciprocal of the step size. */
  readonly delta: number;
}

/** Tolerated length of the path against chance. */
const ALPHA = 1.5;
/** The chance that a trial changes some choice does not fall below 1 minus this. */
const UNCHANGED = 0.73;

/** Uniform laws of parameters with so many choices. */
export function uniformLaws(counts: readonly number[]): ChoiceLaws {
  return {
    laws: counts.map((count) => new Float64Array(count).fill(1 / count)),
    path: new Float64Array(counts.reduce((sum, count) => sum + count - 1, 0)),
    gamma: 0,
    delta: 1,
  };
}

/**
 * The laws after a generation. `chosen`: per trial, best first, the index of the choice of each parameter, -1 where it says
 * nothing; `weights`: positive ones only.
 * @source Hamano et al. arXiv:2405.09962, section 3; step size: Akimoto et al. ICML 2019 (ASNG), algorithm 1.
 */
export function learnChoices(before: ChoiceLaws, chosen: readonly Int32Array[], weights: Float64Array): ChoiceLaws {
  const gradients = before.laws.map((law, c) => gradientOf(law, c, chosen, weights));
  const scaled = Float64Array.from(before.laws.flatMap((law, c) => scaledGradient(law, gradients[c] as Float64Array)));
  const length = Math.sqrt(scaled.reduce((sum, entry) => sum + entry * entry, 0));
  if (!(length > 1e-12)) return before;

  const step = 1 / before.delta;
  const beta = Math.min(1, step / Math.sqrt(before.path.length));
  const rate = Math.sqrt(beta * (2 - beta));
  const path = before.path.map((entry, i) => (1 - beta) * entry + (rate * (scaled[i] as number)) / length);
  const gamma = (1 - beta) ** 2 * before.gamma + beta * (2 - beta);
  const squared = path.reduce((sum, entry) => sum + entry * entry, 0);
  const laws = before.laws.map((law, c) =>
    floored(
      law.map((q, k) => q + (step * ((gradients[c] as Float64Array)[k] as number)) / length),
      (1 - UNCHANGED ** (1 / before.laws.length)) / (law.length - 1),
    ),
  );
  return { laws, path, gamma, delta: before.delta * Math.exp(beta * (gamma - squared / ALPHA)) };
}

function gradientOf(law: Float64Array, c: number, chosen: readonly Int32Array[], weights: Float64Array): Float64Array {
  const gradient = new Float64Array(law.length);
  chosen.forEach((choices, i) => {
    const choice = choices[c] as number;
    const weight = weights[i] ?? 0;
    if (choice < 0 || !(weight > 0)) return;
    for (let k = 0; k < law.length; k++) {
      gradient[k] = (gradient[k] as number) + weight * ((k === choice ? 1 : 0) - (law[k] as number));
    }
  });
  return gradient;
}

/** The gradient times the square root of the Fisher matrix, in the first K - 1 coordinates. */
function scaledGradient(law: Float64Array, gradient: Float64Array): readonly number[] {
  const last = law.length - 1;
  const root = Math.sqrt(law[last] as number);
  let sum = 0;
  for (let k = 0; k < last; k++) sum += gradient[k] as number;
  return Array.from({ length: last }, (_, k) => {
    const q = Math.sqrt(law[k] as number);
    return (gradient[k] as number) / q + (q * sum) / ((law[last] as number) + root);
  });
}

/** The law with no probability below the floor; what that takes comes from the others in proportion to their surplus. */
function floored(law: Float64Array, floor: number): Float64Array {
  const raised = law.map((q) => Math.max(q, floor));
  const surplus = raised.reduce((sum, q) => sum + q - floor, 0);
  const excess = raised.reduce((sum, q) => sum + q, 0) - 1;
  return surplus > 0 ? raised.map((q) => q - (excess * (q - floor)) / surplus) : raised;
}
