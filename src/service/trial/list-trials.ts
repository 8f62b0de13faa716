/** The trials of an experiment: filtered, ordered, page by page. */
import { PlatformError } from '../../domain/errors.js';
import { isId, type TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import {
  countTrialRows,
  type ListedTrial,
  listTrialRows,
  type TrialOrder,
  type TrialOrderBy,
  type TrialPosition,
} from '../../store/queries/trial-list.js';
import type { Deps } from '../deps.js';
import { checkFirst, decodeCursor, encodeCursor, type Page, type PageInput, pageOf } from '../page.js';
import { type SelectionInput, selectTrials } from './select-trials.js';

export interface ListTrialsInput extends PageInput, SelectionInput {
  /** Absent: by number. */
  readonly orderBy?: {
    readonly by: TrialOrderBy;
    readonly key?: string | null;
    readonly direction?: TrialOrder['direction'] | null;
  } | null;
}

const KEYED: ReadonlySet<TrialOrderBy> = new Set(['PARAM', 'METRIC_LAST', 'METRIC_MIN', 'METRIC_MAX']);

/** Seconds that Postgres can read as a time or a span. */
const MOST_SECONDS = 1e11;
const TIMES: ReadonlySet<TrialOrderBy> = new Set(['CREATED_AT', 'DURATION']);

/**
 * A page in the order asked for, ties by id in the same direction; what is missing, NaN or infinite comes last in both
 * directions, by number.
 * @throws NOT_FOUND, FILTER_INVALID, INPUT_INVALID for a condition or order that makes no sense, LIMIT_EXCEEDED,
 * CURSOR_INVALID when the cursor is of another order.
 */
export async function listTrials(deps: Deps, principal: Principal, input: ListTrialsInput): Promise<Page<Trial>> {
  const { read } = deps.database;
  const selection = await selectTrials(deps, principal, input);
  const order = checkOrder(input.orderBy);
  const list = `trials:${selection.experimentId}:${order.by}:${order.direction}:${order.key ?? ''}`;
  const after = positionIn(decodeCursor(list, input.after), order.by);
  const rows = await listTrialRows(read, selection, order, { limit: checkFirst(input.first) + 1, after });
  const cursorOf = (row: ListedTrial) =>
    encodeCursor(list, [row.sortRank, row.sortAmount, row.sortText, row.number, row.id]);
  const page = pageOf(rows, input, cursorOf, () => countTrialRows(read, selection));
  return { ...page, items: page.items.map(withoutSortKeys) };
}

function checkOrder(given: ListTrialsInput['orderBy']): TrialOrder {
  const { by = 'NUMBER', key = null, direction = null } = given ?? {};
  if (KEYED.has(by) && !key) throw new PlatformError('INPUT_INVALID', `ordering by ${by} needs a key`);
  return { by, key: KEYED.has(by) ? key : null, direction: direction ?? 'ASC' };
}

function positionIn(parts: readonly unknown[] | null, by: TrialOrderBy): TrialPosition | null {
  if (parts === null) return null;
  const [rank, amount, text, number, id] = parts;
  const isSound =
    (rank === 0 || rank === 1 || rank === 2) &&
    Math.abs(Number(amount)) < (TIMES.has(by) ? MOST_SECONDS : Number.POSITIVE_INFINITY) &&
    typeof text === 'string' &&
    Number.isInteger(number) &&
    Math.abs(Number(number)) < 2 ** 31 &&
    typeof id === 'string' &&
    isId(id);
  if (!isSound) throw new PlatformError('CURSOR_INVALID', 'the cursor does not belong to this list; start without one');
  return { rank, amount: Number(amount), text, number: Number(number), id: id as TrialId };
}

function withoutSortKeys(row: ListedTrial): Trial {
  const { sortRank: _rank, sortAmount: _amount, sortText: _text, ...trial } = row;
  return trial;
}
