/** The columns of the table of trials: what they hold, how rows are ordered and filtered by them. */
import { decodeFloat, type TrialOrder, type TrialState } from '../../../../sdk/typescript/browser.js';
import type { TrialEntry } from '../../live/trial-store.js';
import type { MetricStats } from './metric-stats.js';

export type SortDirection = 'asc' | 'desc';

export interface Sort {
  readonly direction: SortDirection;
  /** `number`, `state`, `value`, `last`, `best`, `duration`, `attempt` or `param.<name>`. */
  readonly column: string;
}

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly width: number;
  readonly isNumeric: boolean;
}

/** What a row's cells are computed from. */
export interface RowContext {
  readonly now: number;
  statsOf(entry: TrialEntry): MetricStats;
}

const DEFAULT_SORT: Sort = { direction: 'desc', column: 'number' };
const PARAM = 'param.';
const STATE_ORDER: readonly TrialState[] = ['RUNNING', 'WAITING', 'COMPLETED', 'PRUNED', 'STOPPED', 'FAILED'];

export function readSort(text: string | undefined): Sort {
  const [direction, ...rest] = (text ?? '').split(':');
  const column = rest.join(':');
  if ((direction !== 'asc' && direction !== 'desc') || column === '') return DEFAULT_SORT;
  return { direction, column };
}

/** The order after a click on a column's head. */
export function nextSort(sort: Sort, column: string, isMinimize: boolean): string {
  if (sort.column === column) return `${sort.direction === 'asc' ? 'desc' : 'asc'}:${column}`;
  const isBestFirst = column === 'value' || column === 'best' || column === 'last';
  const isDescending =
    column === 'number' || column === 'duration' || column === 'attempt' || (isBestFirst && !isMinimize);
  return `${isDescending ? 'desc' : 'asc'}:${column}`;
}

/** The same order for the server, which sends the first rows first. */
export function orderOf({ direction, column }: Sort, metric: string | null, isMinimize: boolean): TrialOrder {
  const way = direction === 'asc' ? 'ASC' : 'DESC';
  if (column.startsWith(PARAM)) return { by: 'PARAM', key: column.slice(PARAM.length), direction: way };
  if (column === 'last' && metric !== null) return { by: 'METRIC_LAST', key: metric, direction: way };
  if (column === 'best' && metric !== null)
    return { by: isMinimize ? 'METRIC_MIN' : 'METRIC_MAX', key: metric, direction: way };
  if (column === 'value') return { by: 'VALUE', direction: way };
  if (column === 'state') return { by: 'STATE', direction: way };
  if (column === 'duration') return { by: 'DURATION', direction: way };
  return { by: 'NUMBER', direction: way };
}

/** What of the experiment decides which columns there are. */
export interface ColumnOptions {
  readonly metric: string | null;
  readonly isMinimize: boolean;
  readonly hasObjective: boolean;
}

/** The columns that exist for these trials, in the order of the table. */
export function columnsOf(
  entries: readonly TrialEntry[],
  { metric, isMinimize, hasObjective }: ColumnOptions,
): Column[] {
  const numeric = (id: string, label: string, title: string, width: number): Column => ({
    id,
    label,
    title,
    width,
    isNumeric: true,
  });
  const params = paramsOf(entries).map(([name, isNumeric]) => ({
    id: `${PARAM}${name}`,
    label: name,
    title: `Parameter ${name}`,
    width: Math.min(180, Math.max(84, name.length * 6.4 + 26)),
    isNumeric,
  }));
  const measured =
    metric === null
      ? []
      : [
          numeric('last', 'Last', `Last ${metric}`, 80),
          numeric('best', isMinimize ? 'Min' : 'Max', `${isMinimize ? 'Smallest' : 'Largest'} ${metric}`, 80),
        ];
  return [
    numeric('number', '#', 'Number', 56),
    { id: 'state', label: 'State', title: 'State', width: 112, isNumeric: false },
    ...(hasObjective ? [numeric('value', 'Value', 'Value of the objective', 80)] : []),
    ...measured,
    ...params,
    numeric('duration', 'Duration', 'Time from start to end', 86),
    ...(entries.some(({ trial }) => trial.attempt > 1)
      ? [numeric('attempt', 'Attempt', 'Number of attempts', 76)]
      : []),
  ];
}

/** What a column says of a trial: NaN or undefined where there is nothing. */
export function cellOf({ trial, ...entry }: TrialEntry, column: string, context: RowContext): unknown {
  if (column.startsWith(PARAM)) return trial.params[column.slice(PARAM.length)];
  if (column === 'number') return trial.number;
  if (column === 'state') return trial.state;
  if (column === 'value') return trial.value === null ? Number.NaN : decodeFloat(trial.value);
  if (column === 'last') return context.statsOf({ trial, ...entry }).last;
  if (column === 'best') return context.statsOf({ trial, ...entry }).best;
  if (column === 'attempt') return trial.attempt;
  if (column === 'duration') return durationOf(trial, context.now);
  return undefined;
}

/** Rows in order; missing values and NaN come last in both directions, ties by number. */
export function sortRows(
  entries: readonly TrialEntry[],
  { direction, column }: Sort,
  context: RowContext,
): TrialEntry[] {
  const sign = direction === 'asc' ? 1 : -1;
  const keyed = entries.map((entry) => ({ entry, key: sortKey(cellOf(entry, column, context), column) }));
  keyed.sort((a, b) => compare(a.key, b.key, sign) || b.entry.trial.number - a.entry.trial.number);
  return keyed.map(({ entry }) => entry);
}

function durationOf(trial: TrialEntry['trial'], now: number): number {
  if (trial.startedAt === null) return Number.NaN;
  const end = trial.endedAt === null ? now : Date.parse(trial.endedAt);
  return Math.max(0, end - Date.parse(trial.startedAt)) / 1000;
}

function sortKey(cell: unknown, column: string): number | string {
  if (column === 'state') return STATE_ORDER.indexOf(cell as TrialState);
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return Number(cell);
  if (cell === undefined || cell === null) return Number.NaN;
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function compare(a: number | string, b: number | string, sign: number): number {
  const isMissingA = Number.isNaN(a);
  const isMissingB = Number.isNaN(b);
  if (isMissingA || isMissingB) return Number(isMissingA) - Number(isMissingB);
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign;
  return String(a).localeCompare(String(b)) * sign;
}

/** Names of parameters and whether they are numbers, as they come. */
function paramsOf(entries: readonly TrialEntry[]): [string, boolean][] {
  const found = new Map<string, boolean>();
  for (const { trial } of entries) {
    for (const name in trial.params) {
      if (!found.has(name)) found.set(name, typeof trial.params[name] === 'number');
    }
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b));
}
