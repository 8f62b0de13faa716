import { isPlatformError, PlatformError } from '../../domain/errors.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { findExperiments } from '../../store/queries/experiment.js';
import type { ListedTrial, TrialOrder, TrialOrderBy } from '../../store/queries/trial-list.js';
import { countTrialPages, listTrialPages, type PagePosition } from '../../store/queries/trial-pages.js';
import type { ParamCondition, TrialFilter } from '../../store/queries/trial-where.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { invalidCursor, type PageInput } from '../page.js';
import { type PageOrError, pagesByParent } from '../pages-by-parent.js';

/** Which trials of an experiment, in what order. */
export interface TrialListing extends PageInput {
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
 * Per experiment a page of its trials; NOT_FOUND where it is not visible. One statement for all.
 * @throws INPUT_INVALID for a condition or order that makes no sense, LIMIT_EXCEEDED.
 */
export async function loadTrialPages(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
  input: TrialListing,
): Promise<PageOrError<Trial>[]> {
  const { read } = deps.database;
  const filter = checkFilter(input.filter ?? {});
  const order = checkOrder(input.orderBy);
  const visible = await findExperiments(read, scopeOf(principal), ids);
  const pages = await pagesByParent(
    visible.map((experiment) => experiment.id),
    input,
    {
      nameOf: (id) => `trial-pages:${id}:${order.by}:${order.direction}:${order.key ?? ''}`,
      read: (experiments, { limit, after }) =>
        listTrialPages(read, experiments, filter, order, { limit, after: positionIn(after) }),
      parentOf: (row) => row.experimentId,
      positionOf: (row) => [row.sortRank, row.sortAmount, row.sortText, row.number],
      count: (experiments) => countTrialPages(read, experiments, filter),
    },
  );
  return ids.map((id) => {
    const page = pages.get(id) ?? new PlatformError('NOT_FOUND', `there is no experiment ${id}`);
    return isPlatformError(page) ? page : { ...page, items: page.items.map(withoutSortKeys) };
  });
}

function checkOrder(given: TrialListing['orderBy']): TrialOrder {
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

function positionIn(parts: readonly unknown[] | null): PagePosition | null {
  if (parts === null) return null;
  const [rank, amount, text, number] = parts;
  const isSound = isRank(rank) && Number.isFinite(amount) && typeof text === 'string' && isNumber(number);
  if (!isSound) throw invalidCursor();
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
