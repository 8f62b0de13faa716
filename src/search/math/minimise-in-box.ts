/** Smooth minimisation between bounds by a projected quasi-Newton method with limited memory. */

/** Pairs of steps and gradient changes that are remembered. */
const MEMORY = 10;
/** Share of the predicted decrease that a step must keep. */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 12;

export interface BoxProblem {
  /** [d], inside the bounds. */
  readonly start: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Value at x; writes the gradient [d]. A value that is not finite counts as too high. Keeps neither argument. */
  readonly evaluate: (x: Float64Array, gradient: Float64Array) => number;
  readonly mostEvaluations: number;
  /** The largest change of a variable that is tried before anything is known of the curvature. */
  readonly firstMove: number;
  /** Ends when no free entry of the gradient is larger. */
  readonly gradientTolerance: number;
  /** Ends when a step decreases the value by less; 0 when absent. */
  readonly valueTolerance?: number;
}

export interface BoxMinimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/**
 * A local minimum. Variables at a bound that push outward stand still; the others move along the L-BFGS direction, projected
 * onto the box, with a backtracking search.
 * @source Bertsekas, SIAM J. Control Optim. 20 (1982); Nocedal, Math. Comp. 35 (1980).
 */
export function minimiseInBox(problem: BoxProblem): BoxMinimum {
  const { lower, upper, evaluate, mostEvaluations, firstMove, gradientTolerance, valueTolerance = 0 } = problem;
  const size = problem.start.length;
  const memory: Pair[] = [];
  let x = problem.start.slice();
  let gradient = new Float64Array(size);
  let trial = new Float64Array(size);
  let trialGradient = new Float64Array(size);
  const direction = new Float64Array(size);
  let value = evaluate(x, gradient);
  let evaluations = 1;

  while (evaluations < mostEvaluations && Number.isFinite(value)) {
    const steepest = freeGradient(x, gradient, lower, upper, direction);
    if (steepest <= gradientTolerance) break;
    if (!quasiNewton(memory, direction, gradient)) {
      memory.length = 0;
      freeGradient(x, gradient, lower, upper, direction);
    }
    let step = memory.length > 0 ? 1 : firstMove / steepest;
    let next = Infinity;
    for (let halving = 0; halving < MOST_HALVINGS && evaluations < mostEvaluations; halving++) {
      let slope = 0;
      for (let j = 0; j < size; j++) {
        const moved = (x[j] as number) - step * (direction[j] as number);
        trial[j] = Math.min(upper[j] as number, Math.max(lower[j] as number, moved));
        slope += (gradient[j] as number) * ((trial[j] as number) - (x[j] as number));
      }
      next = evaluate(trial, trialGradient);
      evaluations += 1;
      if (next <= value + SUFFICIENT * slope) break;
      // Minimum of the parabola through both values and the slope, kept within sight.
      const parabola = Number.isFinite(next) ? -slope / (2 * (next - value - slope)) : 0.1;
      step *= Math.min(0.5, Math.max(0.1, parabola));
    }
    if (!(next < value)) {
      if (memory.length === 0) break;
      memory.length = 0;
      continue;
    }
    remember(memory, x, trial, gradient, trialGradient);
    const gain = value - next;
    [x, trial] = [trial, x];
    [gradient, trialGradient] = [trialGradient, gradient];
    value = next;
    if (gain < valueTolerance) break;
  }
  return { x, value, evaluations };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step . change) */
  readonly scale: number;
}

/** Writes the gradient without the entries that push against a bound; gives the largest that is left. */
function freeGradient(
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  target: Float64Array,
): number {
  let largest = 0;
  for (let j = 0; j < x.length; j++) {
    const g = gradient[j] as number;
    const isHeld =
      ((x[j] as number) <= (lower[j] as number) && g > 0) || ((x[j] as number) >= (upper[j] as number) && g < 0);
    target[j] = isHeld ? 0 : g;
    if (!isHeld && Math.abs(g) > largest) largest = Math.abs(g);
  }
  return largest;
}

/** Turns the free gradient into the quasi-Newton direction, held entries staying zero; false when it does not descend. */
function quasiNewton(memory: readonly Pair[], direction: Float64Array, gradient: Float64Array): boolean {
  const held = direction.map((g) => (g === 0 ? 0 : 1));
  const shares = new Float64Array(memory.length);
  for (let p = memory.length - 1; p >= 0; p--) {
    const { step, change, scale } = memory[p] as Pair;
    const share = scale * dot(step, direction);
    shares[p] = share;
    addScaled(direction, -share, change);
  }
  const last = memory.at(-1);
  if (last !== undefined) {
    const shrink = 1 / (last.scale * dot(last.change, last.change));
    for (let j = 0; j < direction.length; j++) direction[j] = (direction[j] as number) * shrink;
  }
  for (let p = 0; p < memory.length; p++) {
    const { step, change, scale } = memory[p] as Pair;
    addScaled(direction, (shares[p] as number) - scale * dot(change, direction), step);
  }
  for (let j = 0; j < direction.length; j++) direction[j] = (direction[j] as number) * (held[j] as number);
  const descent = dot(direction, gradient);
  return descent > 0 && Number.isFinite(descent);
}

function remember(
  memory: Pair[],
  x: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const step = next.map((value, j) => value - (x[j] as number));
  const change = nextGradient.map((value, j) => value - (gradient[j] as number));
  const curvature = dot(step, change);
  if (!(curvature > 1e-10 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
  memory.push({ step, change, scale: 1 / curvature });
  if (memory.length > MEMORY) memory.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

function addScaled(target: Float64Array, factor: number, other: Float64Array): void {
  for (let j = 0; j < target.length; j++) target[j] = (target[j] as number) + factor * (other[j] as number);
}
