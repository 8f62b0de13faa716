/** What the trials of an experiment say, computed by the server over all of them. */
import type { Client } from './client.js';
import { decodeColumn, decodeFloat } from './columns.js';
import {
  type BasisFieldsFragment,
  BestSoFarDocument,
  ImportanceDocument,
  StoppingAdviceDocument,
  type StoppingFieldsFragment,
} from './generated/operations.js';

/** What an answer was made of; `problem` says why it is empty, or says little. */
export type AnalysisBasis = BasisFieldsFragment;

/** The best value after each end of a trial, as columns in the order of ends. */
export interface BestSoFar {
  readonly basis: AnalysisBasis;
  /** Numbers of the trials that ended. */
  readonly numbers: Float64Array;
  /** Best value once it had ended; NaN before the first that counts. */
  readonly values: Float64Array;
  /** Number of the trial that held it; NaN before the first that counts. */
  readonly holders: Float64Array;
}

export interface ImportanceOptions {
  /** Default `PED_ANOVA`: how the best trials differ from all. `FANOVA`: shares of the variance over the whole space. */
  readonly method?: 'PED_ANOVA' | 'FANOVA' | undefined;
  /** Index of the objective; default the only one, or all together. */
  readonly objective?: number | undefined;
  /** How many of the most important parameters FANOVA looks at in pairs, 0 to 10; default 0. */
  readonly pairs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Importance {
  readonly basis: AnalysisBasis;
  /** The most important first. Empty when the basis has a problem. */
  readonly parameters: readonly { readonly name: string; readonly importance: number }[];
  /** What pairs explain beyond their parts, the most important first. */
  readonly interactions: readonly { readonly names: readonly string[]; readonly importance: number }[];
}

export interface StoppingAdvice {
  readonly basis: AnalysisBasis;
  /** Whether every rule that could speak says to stop. */
  readonly shouldStop: boolean;
  readonly rules: readonly {
    readonly kind: StoppingFieldsFragment['rules'][number]['kind'];
    readonly value: number;
    readonly threshold: number;
    readonly shouldStop: boolean;
    /** One sentence for people. */
    readonly reason: string;
  }[];
  /** What the trials that the budget still allows are expected to gain; null while nobody can tell. */
  readonly remaining: { readonly trials: number; readonly gain: number } | null;
}

/** Null without a search. @throws TrialgraphError as the server says. */
export async function readBestSoFar(
  client: Client,
  experimentId: string,
  { objective = 0, signal }: { readonly objective?: number | undefined; readonly signal?: AbortSignal | undefined },
): Promise<BestSoFar | null> {
  const { experiment } = await client.request(BestSoFarDocument, { experimentId, objective }, { signal });
  const found = experiment?.analysis?.bestSoFar;
  if (!found) return null;
  return {
    basis: found.basis,
    numbers: decodeColumn(found.numbers),
    values: decodeColumn(found.values),
    holders: decodeColumn(found.holders),
  };
}

/** Null without a search. @throws TrialgraphError as the server says. */
export async function readImportance(
  client: Client,
  experimentId: string,
  { method = 'PED_ANOVA', objective, pairs = 0, signal }: ImportanceOptions,
): Promise<Importance | null> {
  const variables = { experimentId, method, objective: objective ?? null, pairs };
  const { experiment } = await client.request(ImportanceDocument, variables, { signal });
  const found = experiment?.analysis?.importance;
  if (!found) return null;
  const importances = decodeColumn(found.importances);
  return {
    basis: found.basis,
    parameters: found.parameters.map((name, i) => ({ name, importance: importances[i] ?? 0 })),
    interactions: found.interactions.map(({ parameters, importance }) => ({
      names: parameters,
      importance: decodeFloat(importance),
    })),
  };
}

/** Null without a search. @throws TrialgraphError as the server says. */
export async function readStoppingAdvice(
  client: Client,
  experimentId: string,
  options: {
    readonly patience?: number | undefined;
    readonly ahead?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<StoppingAdvice | null> {
  const { patience = 30, ahead = 10, signal } = options;
  const { experiment } = await client.request(StoppingAdviceDocument, { experimentId, patience, ahead }, { signal });
  const found = experiment?.analysis?.stoppingAdvice;
  if (!found) return null;
  const { remaining } = found;
  return {
    basis: found.basis,
    shouldStop: found.shouldStop,
    rules: found.rules.map((rule) => ({
      ...rule,
      value: decodeFloat(rule.value),
      threshold: decodeFloat(rule.threshold),
    })),
    remaining: remaining === null ? null : { trials: remaining.trials, gain: decodeFloat(remaining.gain) },
  };
}
