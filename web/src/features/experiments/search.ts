/** What of the list of experiments is in the address. */
import { type RawSearch, textOf } from '../../ui/search-values.js';

export interface ExperimentsSearch {
  readonly q?: string | undefined;
}

export function readExperimentsSearch(search: RawSearch): ExperimentsSearch {
  return { q: textOf(search, 'q') };
}
