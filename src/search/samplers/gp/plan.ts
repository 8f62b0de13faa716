/** Where the models would look for the next trial, and what they say of what is found there. */

import type { History } from '../../history.js';
import { dominates } from '../../math/fronts.js';
import type { Rng } from '../../math/rng.js';
import type { Explanation } from '../proposal.js';
import { acquisitionOf } from './acquisition.js';
import type { Belief } from './belief.js';
import type { Goal } from './best-unseen.js';
import type { Scored } from './climb.js';
import type { Evidence } from './evidence.js';
import { type Features, writeRow } from './features.js';
import { frontModelsOf } from './front-models.js';
import { type ModelOptions, modelsOf } from './models.js';
import type { ObjectiveModel } from './objective-model.js';
import { predict } from './predict.js';
import type { Surrogate } from './surrogate.js';

/** Observed points about which candidates are drawn, beside what is pending. */
const CENTRES = 5;

/** What is looked for, and what to say of what was found. */
interface Plan {
  readonly goal: Goal;
  readonly explain: (found: Scored) => Explanation;
}

/** The plan for one objective or several; null when nothing is known that could say anything. */
export function planOf(
  directions: History['directions'],
  features: Features,
  evidence: Evidence,
  options: ModelOptions,
  rng: Rng,
): Plan | null {
  if (directions.length > 1) return planForFront(directions.length, features, evidence, options, rng);
  return planForOne(directions[0] === 'maximize' ? -1 : 1, features, evidence, options, rng);
}

function planForOne(
  sign: 1 | -1,
  features: Features,
  evidence: Evidence,
  options: ModelOptions,
  rng: Rng,
): Plan | null {
  const models = modelsOf(features, evidence, options, rng);
  const { objective } = models;
  const leaders = objective?.order.slice(0, CENTRES).flatMap((i) => objective.groups[i]?.[0]?.point ?? []) ?? [];
  return planFrom(features, { ...models, leaders }, evidence, sign);
}

/** What a plan for one objective is made of. */
export interface Grounds {
  readonly beliefs: readonly Belief[];
  /** Null when nothing has a value. */
  readonly objective: Pick<ObjectiveModel, 'surrogate' | 'invert'> | null;
  /** The value to improve on, warped. */
  readonly best: number;
  /** Points about which candidates are drawn, the best first. */
  readonly leaders: readonly Float64Array[];
}

/** The plan that follows from models of one objective; `sign` is -1 where it is maximised. */
export function planFrom(
  features: Features,
  { beliefs, objective, best, leaders }: Grounds,
  evidence: Evidence,
  sign: 1 | -1,
): Plan | null {
  const [belief] = beliefs;
  if (belief === undefined) return null;
  return {
    goal: {
      acquisition: acquisitionOf(beliefs, features.width),
      lengths: lengthsOf([objective?.surrogate ?? belief.surrogate]),
      centres: [...leaders.slice(0, CENTRES), ...newest(evidence)],
      size: Math.max(...beliefs.map(({ surrogate }) => surrogate.factor.size)),
    },
    explain: ({ point, score }) => {
      if (objective === null) return { phase: 'EXPLORE', acquisition: score };
      const { mean, deviation } = predict(objective.surrogate, rowOf(features, point));
      // By the slope at the mean: a whole deviation away the way back may be very steep.
      const spread = 5 * Math.abs(objective.invert(mean + deviation / 10) - objective.invert(mean - deviation / 10));
      return {
        phase: mean < best ? 'EXPLOIT' : 'EXPLORE',
        mean: sign * objective.invert(mean),
        deviation: Math.min(Number.MAX_VALUE, spread),
        acquisition: score,
      };
    },
  };
}

function planForFront(
  count: number,
  features: Features,
  evidence: Evidence,
  options: ModelOptions,
  rng: Rng,
): Plan | null {
  const models = frontModelsOf(features, evidence, count, options, rng);
  if (models === null) return null;
  const { acquisition, objectives, points, front } = models;
  const surrogates = objectives.map(({ surrogate }) => surrogate);
  return {
    goal: {
      acquisition,
      lengths: surrogates.length > 0 ? lengthsOf(surrogates) : new Float64Array(features.width).fill(1),
      centres: [...points.slice(0, 2 * CENTRES), ...newest(evidence)],
      // Each objective is another model to ask.
      size: surrogates.reduce((sum, { factor }) => sum + factor.size, 0),
    },
    explain: ({ point, score }) => {
      const means = surrogates.map((surrogate) => predict(surrogate, rowOf(features, point)).mean);
      const isBeaten = means.length === 0 || front.some((vector) => dominates(vector, means));
      return { phase: isBeaten ? 'EXPLORE' : 'EXPLOIT', acquisition: score };
    },
  };
}

function newest({ pending }: Evidence): readonly Float64Array[] {
  return pending.slice(-CENTRES).map(({ point }) => point);
}

/** The shortest length of each column. */
function lengthsOf(surrogates: readonly Surrogate[]): Float64Array {
  const [first, ...others] = surrogates.map(({ hyperparameters }) =>
    hyperparameters.weights.map((w) => 1 / Math.sqrt(w)),
  );
  return (first ?? new Float64Array(0)).map((length, j) => Math.min(length, ...others.map((own) => own[j] as number)));
}

function rowOf(features: Features, point: Float64Array): Float64Array {
  const row = new Float64Array(features.width);
  writeRow(features, point, row, 0);
  return row;
}
