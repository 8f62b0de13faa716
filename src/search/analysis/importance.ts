/** What an importance analysis answers. Plain data. */

export interface Importance {
  readonly name: string;
  /** >= 0; comparable within one analysis. */
  readonly importance: number;
}

/** `TOO_FEW`: trials to say anything. `NO_VARIANCE`: all values are alike. */
export type ImportanceProblem = 'TOO_FEW' | 'NO_VARIANCE';

export interface ImportanceResult {
  /** The most important first; ties in draw order. Empty when there is a problem. */
  readonly importances: readonly Importance[];
  /** How many trials were looked at. */
  readonly trials: number;
  readonly problem: ImportanceProblem | null;
}

/** A result that has a problem. */
export function noImportance(problem: ImportanceProblem, trials: number): ImportanceResult {
  return { importances: [], trials, problem };
}
