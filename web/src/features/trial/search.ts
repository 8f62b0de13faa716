/** What of a trial's page is in its address. */
import { flagOf, numberOf, type RawSearch, textOf } from '../../ui/search-values.js';

export interface TrialSearch {
  /** Attempt whose console is shown; the last one when absent. */
  readonly attempt?: number | undefined;
  /** Search in the console. */
  readonly find?: string | undefined;
  readonly smooth?: number | undefined;
  readonly log?: true | undefined;
  readonly debug?: true | undefined;
}

export function readTrialSearch(search: RawSearch): TrialSearch {
  return {
    attempt: numberOf(search, 'attempt', 1, 1e6),
    find: textOf(search, 'find'),
    smooth: numberOf(search, 'smooth', 0.01, 0.99),
    log: flagOf(search, 'log'),
    debug: flagOf(search, 'debug'),
  };
}
