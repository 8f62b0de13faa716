/** The models behind one proposal for one objective, each with its hyperparameters on schedule and conditioned on all that is known. */

import type { Rng } from '../../math/rng.js';
import { type Belief, type Criterion, objectiveBelief } from './belief.js';
import type { Evidence } from './evidence.js';
import type { Features } from './features.js';
import type { FitOptions } from './fit.js';
import { constraintBeliefs, failureBeliefs } from './limit-beliefs.js';
import { feasibleAmong, isNoisy, type ObjectiveModel, objectiveModel, smoothValues } from './objective-model.js';
import { drawWorlds } from './worlds.js';

/** Worlds over which what is pending is averaged. */
const WORLDS = 16;

export interface Models {
  readonly beliefs: readonly Belief[];
  /** Of the objective: null when nothing has a value. */
  readonly objective: ObjectiveModel | null;
  /** The value to improve on, warped; Infinity without a model of the objective. */
  readonly best: number;
}

export interface ModelOptions extends FitOptions {
  readonly acquisition: 'ei' | 'poi' | 'ucb';
  readonly kappa: number;
  /** In the objective's unit. */
  readonly xi: number;
  /**
   * Whether the improvement is that of the next value to be observed, noise and all, or of the smooth part alone. Where no
   * point is tried twice, what the model puts down to noise is as good as a property of the point.
   */
  readonly isNoiseCounted: boolean;
}

/** Fits and conditions all that the next proposal needs. */
export function modelsOf(features: Features, evidence: Evidence, options: ModelOptions, rng: Rng): Models {
  const beliefs: Belief[] = [];
  const objective = objectiveModel(features, evidence, options);
  const best = objective === null ? Infinity : valueToBeat(objective, options);
  const centre = objective?.centre ?? evidence.outcomes.at(-1)?.row ?? new Float64Array(features.width);
  const constrained = constraintBeliefs(features, evidence, centre, options);
  const hasFeasible = constrained.length === 0 || evidence.known.some(feasibleAmong(evidence.known));
  if (objective !== null && hasFeasible) {
    const { surrogate, unit, hyperparameters } = objective;
    const worlds = drawWorlds(surrogate.factor.size - surrogate.whitened.length, WORLDS, rng);
    const margin = options.xi / unit;
    const noise = options.isNoiseCounted ? hyperparameters.noise : 0;
    const criterion: Criterion =
      options.acquisition === 'ucb'
        ? { kind: 'ucb', kappa: options.kappa }
        : { kind: options.acquisition, margin, noise };
    beliefs.push(objectiveBelief(surrogate, best, worlds, criterion));
  }
  beliefs.push(...constrained, ...failureBeliefs(features, evidence, centre, options));
  return { beliefs, objective, best };
}

/** The least value that was observed, or, where it may have been luck, that the model believes in, among those as feasible as the best. */
function valueToBeat(model: ObjectiveModel, { isNoiseCounted }: ModelOptions): number {
  const { values, excesses, kept, order } = model;
  const [first = 0] = order;
  if (isNoiseCounted || !isNoisy(model)) return values[first] ?? 0;
  const means = smoothValues(model);
  const rivals = kept.filter((i) => (excesses[i] === 0) === (excesses[first] === 0));
  return rivals.reduce((least, i) => Math.min(least, means[i] as number), Infinity);
}
