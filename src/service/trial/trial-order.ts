/** The order of a list of trials, and what its cursors hold: the same for every way to ask for the list of an experiment. */
import { PlatformError } from '../../domain/errors.js';
import { type ExperimentId, isId, type TrialId } from '../../domain/ids.js';
import type { ListedTrial } from '../../store/queries/trial-list.js';
import type { TrialOrder, TrialOrderBy, TrialPosition } from '../../store/queries/trial-order.js';
import { invalidCursor } from '../page.js';

export interface GivenOrder {
  readonly by: TrialOrderBy;
  /** Name of the param or metric, where the order is by one. */
  readonly key?: string | null;
  /** Absent: ASC. */
  readonly direction?: TrialOrder['direction'] | null;
}

interface CursorOrder {
  readonly order: TrialOrder;
  /** The name of an experiment's list for its cursors: those of another order or experiment are refused. */
  listOf(experiment: ExperimentId): string;
  positionOf(trial: ListedTrial): readonly unknown[];
  /** @throws CURSOR_INVALID */
  positionIn(parts: readonly unknown[] | null): TrialPosition | null;
}

const KEYED: ReadonlySet<TrialOrderBy> = new Set(['PARAM', 'METRIC_LAST', 'METRIC_MIN', 'METRIC_MAX']);
/** Seconds that Postgres can read as a time or a span. */
const MOST_SECONDS = 1e11;
const TIMES: ReadonlySet<TrialOrderBy> = new Set(['CREATED_AT', 'DURATION']);

/** The order asked for; by number when none is. @throws INPUT_INVALID when it needs a key and has none. */
export function trialOrder(given: GivenOrder | null | undefined): CursorOrder {
  const { by = 'NUMBER', key = null, direction = null } = given ?? {};
  if (KEYED.has(by) && !key) throw new PlatformError('INPUT_INVALID', `ordering by ${by} needs a key`);
  const order: TrialOrder = { by, key: KEYED.has(by) ? key : null, direction: direction ?? 'ASC' };
  return {
    order,
    listOf: (experiment) => `trials:${experiment}:${by}:${order.direction}:${order.key ?? ''}`,
    positionOf: ({ sortRank, sortAmount, sortText, number, id }) => [sortRank, sortAmount, sortText, number, id],
    positionIn: (parts) => (parts === null ? null : positionIn(parts, by)),
  };
}

function positionIn(parts: readonly unknown[], by: TrialOrderBy): TrialPosition {
  const [rank, amount, text, number, id] = parts;
  const isSound =
    (rank === 0 || rank === 1 || rank === 2) &&
    Math.abs(Number(amount)) < (TIMES.has(by) ? MOST_SECONDS : Number.POSITIVE_INFINITY) &&
    typeof text === 'string' &&
    Number.isInteger(number) &&
    Math.abs(Number(number)) < 2 ** 31 &&
    typeof id === 'string' &&
    isId(id);
  if (!isSound) throw invalidCursor();
  return { rank, amount: Number(amount), text, number: Number(number), id: id as TrialId };
}
