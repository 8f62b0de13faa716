/** One run: an optimiser that is asked and told, one trial after the other, for one problem and seed. We own the numbers. */
import { createRng } from '../../../../src/search/math/rng.js';
import type { Params, SearchSpace } from '../../../../src/search/space/parameter.js';
import { validateParams } from '../../../../src/search/space/validate-params.js';
import { seededGenerator } from '../../../../src/service/search/generator.js';
import type { Evaluation, Problem } from '../problem.js';
import type { Run } from '../statistic/regret.js';

/** Ours or a peer; one run long. */
export interface Optimiser {
  /** The next params; undefined when it has no more to propose. */
  readonly ask: () => Promise<Params | undefined>;
  readonly tell: (evaluation: Evaluation) => Promise<void>;
  /** Finished trials that it was not asked for, before the first that it is. */
  readonly fill: (params: readonly Params[], values: readonly number[]) => Promise<void>;
  /** Processor time that it has taken to answer so far, without our way to it. */
  readonly seconds: () => number;
}

/** What an optimiser is told when it begins. */
export interface Start {
  readonly space: SearchSpace;
  readonly direction: Problem['direction'];
  readonly isConstrained: boolean;
  readonly seed: number;
  readonly trials: number;
}

/** @throws Error when the optimiser proposes what is not in the space. */
export async function drive(
  method: string,
  problem: Problem,
  seed: number,
  trials: number,
  begin: (start: Start) => Promise<Optimiser>,
): Promise<Run> {
  const { space, evaluate } = problem.instance(seed);
  const { direction, isConstrained = false } = problem;
  const noise = createRng(`${problem.name}/noise/${seed}`, seededGenerator);
  const optimiser = await begin({ space, direction, isConstrained, seed, trials });
  const sign = direction === 'maximize' ? -1 : 1;
  const best: number[] = [];
  let lead = { value: Infinity, truth: Number.NaN };
  while (best.length < trials) {
    const params = await optimiser.ask();
    if (params === undefined) break;
    const [wrong] = validateParams(space, params);
    if (wrong !== undefined) throw new Error(`${method} on ${problem.name}: ${wrong.path} ${wrong.message}`);
    const evaluation = evaluate(params, noise.fork(String(best.length)));
    const { value, truth = value, constraints = [] } = evaluation;
    const isFeasible = Number.isFinite(value) && constraints.every((excess) => excess <= 0);
    if (isFeasible && sign * value < lead.value) lead = { value: sign * value, truth };
    best.push(lead.truth);
    await optimiser.tell(evaluation);
  }
  return { method, problem: problem.name, seed, best, seconds: optimiser.seconds() };
}
