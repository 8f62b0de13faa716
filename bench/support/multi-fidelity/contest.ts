/** One method on one lcbench task in virtual time, and what it must reach: the quality of random search with four times the budget. */

import seedrandom from 'seedrandom';
import { createRng } from '../../../src/search/math/rng.js';
import { drawUniform } from '../../../src/search/samplers/uniform.js';
import { simulateTime, type TimedRun, type Training } from '../../../src/search/simulate-time.js';
import type { Params } from '../../../src/search/space/parameter.js';
import { EPOCHS, lcbenchSpace } from './lcbench.js';

export const makeGenerator = (seed: string) => seedrandom.alea(seed).double;

/** Random search is run this often for the target, and with so many times the budget. */
const TARGET_SEEDS = 5;
const TIMES_THE_BUDGET = 4;

export interface Method {
  readonly name: string;
  readonly sampler: { readonly kind: string; readonly options?: unknown };
  readonly pruner: { readonly kind: string; readonly options?: unknown };
}

export type Train = (params: Params) => Training;

/** What all methods of one task are measured by. */
export interface Target {
  /** Median over seeds of the best of 4 N random trainings. */
  readonly value: number;
  /** Mean virtual time of one whole training. */
  readonly trainingSeconds: number;
}

/** Of N = `trainings` whole trainings of budget. */
export function targetOf(train: Train, trainings: number): Target {
  let [seconds, count] = [0, 0];
  const bests = Array.from({ length: TARGET_SEEDS }, (_, seed) => {
    const rng = createRng(`target ${seed}`, makeGenerator);
    let best = Infinity;
    for (let i = 0; i < TIMES_THE_BUDGET * trainings; i++) {
      const training = train(drawUniform(lcbenchSpace, rng.fork(String(i))));
      best = Math.min(best, training.valueAt(EPOCHS));
      seconds += training.secondsOf(EPOCHS) * EPOCHS;
      count += 1;
    }
    return best;
  });
  bests.sort((a, b) => a - b);
  return { value: bests[Math.floor(TARGET_SEEDS / 2)] ?? Infinity, trainingSeconds: seconds / count };
}

/** Virtual time in which random search spends four times the budget: nobody is given more. */
export function limitOf({ trainingSeconds }: Target, trainings: number, workers: number): number {
  return (TIMES_THE_BUDGET * trainings * trainingSeconds) / workers;
}

/** Until the target or the limit is reached. */
export function race(
  { sampler, pruner }: Method,
  {
    train,
    target,
    seed,
    workers,
    seconds,
  }: {
    readonly train: Train;
    readonly target: number;
    readonly seed: number;
    readonly workers: number;
    readonly seconds: number;
  },
): TimedRun {
  return simulateTime({
    space: lcbenchSpace,
    sampler,
    pruner,
    train,
    workers,
    trials: 1e6,
    seconds,
    target,
    seed: `race ${seed}`,
    makeGenerator,
  });
}

/** Every trial ends by itself or by the pruner. */
export function exhaust({ sampler, pruner }: Method, train: Train, seed: number, trials: number): TimedRun {
  return simulateTime({
    space: lcbenchSpace,
    sampler,
    pruner,
    train,
    workers: 4,
    trials,
    seed: `exhaust ${seed}`,
    makeGenerator,
  });
}
