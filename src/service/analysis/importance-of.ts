/** Which parameters matter, by either method. */
import { fanova, type Interaction } from '../../search/analysis/fanova.js';
import type { ImportanceResult } from '../../search/analysis/importance.js';
import { pedAnova } from '../../search/analysis/ped-anova.js';
import { evenly } from '../../search/analysis/thin-history.js';
import type { History } from '../../search/history.js';
import { createRng } from '../../search/math/rng.js';
import { seededGenerator } from '../search/generator.js';
import { type Basis, basisOf } from './basis.js';

/** `PED_ANOVA`: how the best trials differ from all. `FANOVA`: shares of the variance over the whole space. */
export type ImportanceMethod = 'PED_ANOVA' | 'FANOVA';

export interface ImportanceOptions {
  readonly method: ImportanceMethod;
  /** Its index; null: the only one, or all of them together, of which fANOVA takes the first. */
  readonly objective: number | null;
  /** How many of the most important parameters fANOVA looks at in pairs. */
  readonly pairs: number;
}

export interface ImportanceAnswer {
  readonly basis: Basis;
  readonly method: ImportanceMethod;
  /** The most important first. [d] */
  readonly parameters: readonly string[];
  /** >= 0. [d] */
  readonly importances: Float64Array;
  readonly interactions: readonly { readonly parameters: readonly string[]; readonly importance: number }[];
}

/** Trials that forests are grown from: of more, so many evenly. */
const MOST_TRIALS = 1_000;

export function importanceOf(history: History, options: ImportanceOptions): ImportanceAnswer {
  const { method } = options;
  const { interactions = [], ...found }: ImportanceResult & { readonly interactions?: readonly Interaction[] } =
    BY_METHOD[method](history, options);
  return {
    basis: basisOf(history, found.trials, found.problem),
    method,
    parameters: found.importances.map(({ name }) => name),
    importances: Float64Array.from(found.importances, ({ importance }) => importance),
    interactions: interactions.map(({ names, importance }) => ({ parameters: names, importance })),
  };
}

const BY_METHOD = {
  PED_ANOVA: (history: History, { objective }: ImportanceOptions) =>
    pedAnova(history, objective === null ? {} : { objective }),
  // Any stream does, and the same one gives the same answer.
  FANOVA: (history: History, { objective, pairs }: ImportanceOptions) =>
    fanova(evenly(history, MOST_TRIALS), createRng('fanova', seededGenerator), {
      objective: objective ?? 0,
      paired: pairs,
    }),
} as const;
