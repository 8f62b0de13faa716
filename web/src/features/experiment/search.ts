/** What of an experiment's page is in its address. */
import type { TrialState } from '../../../../sdk/typescript/browser.js';
import { choicesOf, flagOf, numberOf, type RawSearch, textOf } from '../../ui/search-values.js';

export const TRIAL_STATES: readonly TrialState[] = ['RUNNING', 'WAITING', 'COMPLETED', 'PRUNED', 'FAILED', 'STOPPED'];
export const MOST_SMOOTH = 0.99;

export interface ExperimentSearch {
  /** Metric of chart and table; the objective when absent. */
  readonly metric?: string | undefined;
  /** `desc:number`, `asc:param.lr`. */
  readonly sort?: string | undefined;
  readonly states?: readonly TrialState[] | undefined;
  /** Filter of the table. */
  readonly q?: string | undefined;
  /** Trials in the chart: numbers separated by commas, `all`, or absent for those that run and the best. */
  readonly show?: string | undefined;
  readonly smooth?: number | undefined;
  readonly log?: true | undefined;
  /** Whether the chart leaves outliers out of view. */
  readonly clip?: true | undefined;
  readonly debug?: true | undefined;
}

/** The address in our types; states travel as one text. */
export function readExperimentSearch(search: RawSearch): ExperimentSearch {
  return {
    metric: textOf(search, 'metric'),
    sort: textOf(search, 'sort'),
    states: choicesOf(search, 'states', TRIAL_STATES),
    q: textOf(search, 'q'),
    show: textOf(search, 'show'),
    smooth: numberOf(search, 'smooth', 0.01, MOST_SMOOTH),
    log: flagOf(search, 'log'),
    clip: flagOf(search, 'clip'),
    debug: flagOf(search, 'debug'),
  };
}
