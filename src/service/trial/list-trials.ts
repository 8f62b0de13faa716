/** The trials of an experiment: filtered, ordered, page by page. */
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { findExperiments } from '../../store/queries/experiment.js';
import {
  countTrialRows,
  type ListedTrial,
  listTrialRows,
  type ParamCondition,
  type TrialFilter,
  type TrialOrder,
  type TrialOrderBy,
  type TrialPosition,
} from '../../store/queries/trial-list.js';
import { scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { checkFirst, decodeCursor, encodeCursor, type Page, type PageInput, pageOf } from '../page.js';

export interface ListTrialsInput extends PageInput {
  readonly experimentId: string;
  /** Absent: all. */
  readonly filter?: TrialFilter | null;
  /** Absent: by number. */
  readonly orderBy?: {
    readonly by: TrialOrderBy;
    readonly key?: string | null;
    readonly direction?: TrialOrder['direction'] | null;
  } | null;
}

const MOST_CONDITIONS = 50;
const MOST_VALUES = 10_000;
const KEYED: ReadonlySet<TrialOrderBy> = new Set(['PARAM', 'METRIC_LAST', 'METRIC_MIN', 'METRIC_MAX']);

/**
 * A page in the order asked for; what is missing, NaN or infinite comes last in both directions, ties by number.
 * @throws NOT_FOUND, INPUT_INVALID for a condition or order that makes no sense, LIMIT_EXCEEDED, CURSOR_INVALID when the
 * cursor is of another order.
 */
export async function listTrials(deps: Deps, principal: Principal, input: ListTrialsInput): Promise<Page<Trial>> {
  const { read } = deps.database;
  const experimentId = checkId<ExperimentId>(input.experimentId, 'experiment');
  const [experiment] = await findExperiments(read, scopeOf(principal), [experimentId]);
  if (experiment === undefined) throw new PlatformError('NOT_FOUND', `there is no experiment ${experimentId}`);
  const filter = checkFilter(input.filter ?? {});
  const order = checkOrder(input.orderBy);
  const list = `trials:${experimentId}:${order.by}:${order.direction}:${order.key ?? ''}`;
  const after = positionIn(decodeCursor(list, input.after));
  const rows = await listTrialRows(read, experimentId, filter, order, { limit: checkFirst(input.first) + 1, after });
  const cursorOf = (row: ListedTrial) => encodeCursor(list, [row.sortRank, row.sortAmount, row.sortText, row.number]);
  const page = pageOf(rows, input, cursorOf, () => countTrialRows(read, experimentId, filter));
  return { ...page, items: page.items.map(withoutSortKeys) };
}

function checkOrder(given: ListTrialsInput['orderBy']): TrialOrder {
  const { by = 'NUMBER', key = null, direction = null } = given ?? {};
  if (KEYED.has(by) && !key) throw new PlatformError('INPUT_INVALID', `ordering by ${by} needs a key`);
  return { by, key: KEYED.has(by) ? key : null, direction: direction ?? 'ASC' };
}

function checkFilter(filter: TrialFilter): TrialFilter {
  const conditions = [...(filter.params ?? []), ...(filter.metrics ?? []), ...(filter.tags ?? [])];
  if (conditions.length > MOST_CONDITIONS)
    throw new PlatformError('LIMIT_EXCEEDED', `a filter may have at most ${MOST_CONDITIONS} conditions`);
  if ((filter.numbers ?? []).length > MOST_VALUES)
    throw new PlatformError('LIMIT_EXCEEDED', `a filter may name at most ${MOST_VALUES} numbers`);
  for (const number of filter.numbers ?? []) {
    if (!isNumber(number)) throw new PlatformError('INPUT_INVALID', `${number} is no trial number`);
  }
  for (const condition of filter.params ?? []) checkParamCondition(condition);
  for (const { key, value } of filter.metrics ?? []) {
    if (Number.isNaN(value))
      throw new PlatformError('INPUT_INVALID', `the condition on metric ${key} compares with NaN, which nothing meets`);
  }
  return filter;
}

function checkParamCondition({ name, number, text }: ParamCondition): void {
  const given = [number, text].filter((value) => value !== null && value !== undefined);
  if (given.length !== 1)
    throw new PlatformError('INPUT_INVALID', `the condition on param ${name} needs number or text, one of the two`);
}

function positionIn(parts: readonly unknown[] | null): TrialPosition | null {
  if (parts === null) return null;
  const [rank, amount, text, number] = parts;
  const isSound = isRank(rank) && Number.isFinite(amount) && typeof text === 'string' && isNumber(number);
  if (!isSound) throw new PlatformError('CURSOR_INVALID', 'the cursor does not belong to this list; start without one');
  return { rank: Number(rank), amount: Number(amount), text, number: Number(number) };
}

function isRank(value: unknown): boolean {
  return value === 0 || value === 1 || value === 2;
}

/** Whether a trial's number, an int4 of Postgres, can be compared with it. */
function isNumber(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
}

function withoutSortKeys(row: ListedTrial): Trial {
  const { sortRank: _rank, sortAmount: _amount, sortText: _text, ...trial } = row;
  return trial;
}
