/** Bayesian optimisation with a Gaussian process, over every kind of parameter. */

import type { History } from '../../history.js';
import type { Rng } from '../../math/rng.js';
import { cells } from '../../space/cells.js';
import type { Explanation, Suggested } from '../proposal.js';
import { defineSampler } from '../sampler.js';
import { suggestUniform } from '../uniform.js';
import { type Spent, spentPoints } from '../unseen.js';
import { acquisitionOf } from './acquisition.js';
import { drawCandidates } from './candidates.js';
import { type Climb, chooseStarts, climb, type Scored, scoreAll } from './climb.js';
import { evidenceOf } from './evidence.js';
import { type Features, featuresOf, paramsAt, writeRow } from './features.js';
import { type ModelOptions, type Models, modelsOf } from './models.js';
import { predict } from './predict.js';
import { endedCount, startupTrials, suggestSpread } from './startup.js';
import { WARPS } from './warp.js';

/** Observed points about which candidates are drawn, beside what is pending. */
const CENTRES = 5;

/** Share of the proposals on a finite space that look at the smooth part alone: two minds find more than one. */
const SMOOTH_SHARE = 0.25;

/** Climbs are rough at first: only the highest is worth its last digits. */
const ROUGH = { mostEvaluations: 20, valueTolerance: 1e-2 };
const FINE = { mostEvaluations: 40, valueTolerance: 1e-6 };

/**
 * After the start-up: a Matern 5/2 process over all that is known, its hyperparameters fitted on a schedule that the history
 * alone decides; proposes where the expected improvement is greatest. O(n^2) per proposal and O(n^3) per fit up to 600 trials,
 * constant beyond.
 * @source Snoek et al. NeurIPS 2012; Ament et al. NeurIPS 2023 (arXiv:2310.20708); Song et al. arXiv:2408.11527 (warps).
 */
export const gp = defineSampler({
  kind: 'gp',
  summary: 'Models the objective by a Gaussian process: makes the most of few trials, in spaces of any kind.',
  options: [
    {
      name: 'nStartup',
      type: 'int',
      default: 0,
      min: 0,
      max: 10_000,
      doc: 'Finished trials before the model speaks; 0 chooses by the number of parameters, at most 10.',
    },
    {
      name: 'acquisition',
      type: 'choice',
      default: 'ei',
      choices: ['ei', 'ucb', 'poi'],
      doc: 'What is maximised: expected improvement, a bound of confidence, or the probability of improvement.',
    },
    {
      name: 'kappa',
      type: 'float',
      default: 2,
      min: 0,
      max: 100,
      doc: 'Deviations that ucb adds to the mean: more explores more.',
    },
    {
      name: 'xi',
      type: 'float',
      default: 0,
      min: 0,
      doc: 'What ei and poi take for an improvement, in the unit of the objective: more explores more.',
    },
    {
      name: 'warp',
      type: 'choice',
      default: 'auto',
      choices: ['auto', ...WARPS],
      doc: 'How values are transformed before they are modelled; auto takes what orders the trials best.',
    },
    {
      name: 'deterministic',
      type: 'boolean',
      default: false,
      doc: 'Whether the same params always give the same value: then nothing is put down to noise.',
    },
  ],
  objectives: 'one',
  suggestOne: ({ nStartup, acquisition, kappa, xi, warp, deterministic }, history, rng) => {
    const warps = WARPS.filter((kind) => warp === 'auto' || warp === kind);
    return suggestByModel(history, rng, {
      nStartup,
      models: {
        acquisition,
        kappa,
        xi,
        warps,
        isNoiseCounted: cells(history.space) < Infinity && rng.fork('criterion').next() >= SMOOTH_SHARE,
        isDeterministic: deterministic,
      },
    });
  },
});

export interface GpOptions {
  /** 0 chooses. */
  readonly nStartup: number;
  readonly models: ModelOptions;
}

/** The next trial: of the start-up, or where the acquisition is greatest and nobody has been on a finite space. */
export function suggestByModel(history: History, rng: Rng, options: GpOptions): Suggested | null {
  const features = featuresOf(history.space);
  const spent = spentPoints(history);
  const startup = options.nStartup || startupTrials(features, history.budget);
  if (features.axes.length === 0) return suggestUniform(history, spent, rng.fork('startup'), 'STARTUP');
  if (endedCount(history) < startup) return suggestSpread(history, features, spent, rng.fork('startup'));

  const evidence = evidenceOf(history, features);
  const models = modelsOf(features, evidence, options.models, rng);
  const pending = evidence.pending.map(({ point }) => point);
  const found = models.beliefs.length === 0 ? null : bestUnseen(features, models, pending, spent, rng.fork('search'));
  if (found === null) return suggestUniform(history, spent, rng.fork('unseen'), 'RANDOM');
  return {
    params: paramsAt(features, found.point),
    explanation: explain(features, models, found, history.directions[0] === 'maximize' ? -1 : 1),
  };
}

export function bestUnseen(
  features: Features,
  { beliefs, objective }: Models,
  pending: readonly Float64Array[],
  spent: Spent,
  rng: Rng,
): Scored | null {
  const [belief] = beliefs;
  if (belief === undefined) return null;
  const size = Math.max(...beliefs.map(({ surrogate }) => surrogate.factor.size));
  const weights = (objective?.surrogate ?? belief.surrogate).hyperparameters.weights;
  const lengths = weights.map((weight) => 1 / Math.sqrt(weight));
  let best: Scored | null = null;
  const visit = (scored: Scored) => {
    if (best !== null && !(scored.score > best.score)) return;
    if (!spent.has(paramsAt(features, scored.point))) best = scored;
  };
  const task: Climb = { features, acquisition: acquisitionOf(beliefs, features.width), lengths, visit };

  const centres = [...(objective?.ranked.slice(0, CENTRES) ?? []), ...pending.slice(-CENTRES)];
  // The dearer a point is to score, the fewer are: a proposal may take some tens of milliseconds.
  const points = drawCandidates(features, centres, lengths, size <= 300 ? 512 : 256, rng.fork('candidates'));
  const scores = scoreAll(task, points);
  const candidates = points.map((point, i): Scored => ({ point, score: scores[i] as number }));
  for (const candidate of candidates) visit(candidate);

  const count = size <= 150 ? 8 : size <= 300 ? 5 : 4;
  let highest: Scored | null = null;
  for (const start of chooseStarts(candidates, count, rng.fork('starts'))) {
    const reached = climb(task, start, ROUGH);
    visit(reached);
    if (highest === null || reached.score > highest.score) highest = reached;
  }
  if (highest !== null) visit(climb(task, highest, FINE));
  return best;
}

export function explain(features: Features, { objective }: Models, found: Scored, sign: number): Explanation {
  if (objective === null) return { phase: 'EXPLORE', acquisition: found.score };
  const row = new Float64Array(features.width);
  writeRow(features, found.point, row, 0);
  const { mean, deviation } = predict(objective.surrogate, row);
  // By the slope at the mean: a whole deviation away the way back may be very steep.
  const spread = 5 * Math.abs(objective.invert(mean + deviation / 10) - objective.invert(mean - deviation / 10));
  return {
    phase: mean < objective.best ? 'EXPLOIT' : 'EXPLORE',
    mean: sign * objective.invert(mean),
    deviation: Math.min(Number.MAX_VALUE, spread),
    acquisition: found.score,
  };
}
