import { isPlatformError, PlatformError } from '../../domain/errors.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { findExperiments } from '../../store/queries/experiment.js';
import { countTrialRows, type ListedTrial, listTrialRows } from '../../store/queries/trial-list.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import type { PageInput } from '../page.js';
import { type PageOrError, pagesByParent } from '../pages-by-parent.js';
import { type ChoiceInput, chooseTrials } from './select-trials.js';
import { type GivenOrder, trialOrder } from './trial-order.js';

/** Which trials of an experiment, in what order. */
export interface TrialListing extends PageInput, ChoiceInput {
  /** Absent: by number. */
  readonly orderBy?: GivenOrder | null;
}

/**
 * Per experiment a page in the order asked for, ties by id in the same direction; what is missing, NaN or infinite comes
 * last in both directions, by number. NOT_FOUND where the experiment is not visible. Small experiments share statements.
 * @throws FILTER_INVALID, INPUT_INVALID for a condition or order that makes no sense, LIMIT_EXCEEDED.
 */
export async function loadTrialPages(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
  input: TrialListing,
): Promise<PageOrError<Trial>[]> {
  const { read } = deps.database;
  const choice = chooseTrials(deps, input);
  const { order, listOf, positionOf, positionIn } = trialOrder(input.orderBy);
  const visible = new Map((await findExperiments(read, scopeOf(principal), ids)).map((one) => [one.id, one]));
  const these = (some: readonly ExperimentId[]) => some.flatMap((id) => visible.get(id) ?? []);
  const pages = await pagesByParent([...visible.keys()], input, {
    nameOf: listOf,
    read: (some, { limit, after }) =>
      listTrialRows(read, these(some), choice, order, { limit, after: positionIn(after) }),
    parentOf: (row) => row.experimentId,
    positionOf,
    count: (some) => countTrialRows(read, these(some), choice),
  });
  return ids.map((id) => {
    const page = pages.get(id) ?? new PlatformError('NOT_FOUND', `there is no experiment ${id}`);
    return isPlatformError(page) ? page : { ...page, items: page.items.map(withoutSortKeys) };
  });
}

function withoutSortKeys(row: ListedTrial): Trial {
  const { sortRank: _rank, sortAmount: _amount, sortText: _text, ...trial } = row;
  return trial;
}
