/** What values the trials of an experiment have, to choose a filter from. */
import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import { countConsidered, type Facet, MOST_CONSIDERED, readFacet } from '../../store/queries/trial-facets.js';
import type { Deps } from '../deps.js';
import { checkFirst } from '../page.js';
import { parseFilterField } from '../trial-filter/parse-trial-filter.js';
import { type SelectionInput, selectTrials } from './select-trials.js';

export interface FacetTrialsInput extends SelectionInput {
  /** As filters name them. */
  readonly fields: readonly string[];
  /** Values of each field, 1..200. */
  readonly first: number;
}

export interface TrialFacets {
  /** Trials considered. */
  readonly trials: number;
  /** Whether there are more, older ones that were not considered. */
  readonly isPartial: boolean;
  /** In the order of the fields. */
  readonly facets: readonly (Facet & { readonly field: string })[];
}

const MOST_FIELDS = 20;

/** @throws NOT_FOUND, FILTER_INVALID for a filter or a field, INPUT_INVALID, LIMIT_EXCEEDED. */
export async function facetTrials(deps: Deps, principal: Principal, input: FacetTrialsInput): Promise<TrialFacets> {
  const first = checkFirst(input.first);
  if (input.fields.length > MOST_FIELDS)
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${MOST_FIELDS} fields can be asked for at once`);
  const fields = input.fields.map((name) => ({ name, field: parseFilterField(name) }));
  const selection = await selectTrials(deps, principal, input);
  const { read } = deps.database;
  const count = await countConsidered(read, selection);
  const facets: (Facet & { field: string })[] = [];
  // One after the other: a page of facets takes one connection, not all of them.
  for (const { name, field } of fields)
    facets.push({ field: name, ...(await readFacet(read, selection, field, first)) });
  return { trials: Math.min(count, MOST_CONSIDERED), isPartial: count > MOST_CONSIDERED, facets };
}
