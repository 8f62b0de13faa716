/** The trials of an experiment: filtered, ordered, page by page. */
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import type { Page } from '../page.js';
import { onlyPage } from '../pages-by-parent.js';
import { loadTrialPages, type TrialListing } from './load-trial-pages.js';

export interface ListTrialsInput extends TrialListing {
  readonly experimentId: string;
}

/**
 * A page as `loadTrialPages` gives it; cursors of both go on in either.
 * @throws NOT_FOUND, FILTER_INVALID, INPUT_INVALID for a condition or order that makes no sense, LIMIT_EXCEEDED,
 * CURSOR_INVALID when the cursor is of another order.
 */
export async function listTrials(deps: Deps, principal: Principal, input: ListTrialsInput): Promise<Page<Trial>> {
  const experimentId = checkId<ExperimentId>(input.experimentId, 'experiment');
  return onlyPage(await loadTrialPages(deps, principal, [experimentId], input));
}
