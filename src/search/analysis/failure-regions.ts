/** Where in the space trials fail: for each parameter how many ended, and failed, in each part of its range. */

import { type Table, tableOf } from '../columns/table.js';
import type { FailureCause, History, HistoryTrial } from '../history.js';
import { levelAt } from '../space/levels.js';
import type { ParamValue } from '../space/parameter.js';

/** `NOT_FINITE`: completed, with a value that is none. What was others' fault is no failure here. */
export type FailureKind = Exclude<FailureCause, 'INFRASTRUCTURE' | 'PREEMPTED'> | 'NOT_FINITE';

/** A part of a parameter's range: one value, or all from `low` to `high`. */
export interface FailureCell {
  readonly low: ParamValue;
  readonly high: ParamValue;
  readonly ended: number;
  readonly failed: number;
}

export interface FailureAxis {
  readonly name: string;
  /**
   * How much of the doubt whether a trial fails its cell takes away, in [0, 1]: mutual information over entropy, less what
   * chance alone would tell of so few trials.
   */
  readonly told: number;
  /** From the lowest to the highest. */
  readonly cells: readonly FailureCell[];
}

export interface FailureRegions {
  /** Trials that ended by themselves: completed, ended early or failed by their own fault. */
  readonly ended: number;
  readonly failed: number;
  /** Of all failures, the most frequent first. */
  readonly kinds: readonly { readonly kind: FailureKind; readonly count: number }[];
  /** The most telling first; ties in draw order. Parameters with one value are left out. */
  readonly axes: readonly FailureAxis[];
}

/** Parts of a range with more values than that. */
const MOST_CELLS = 10;

/** Failures of one kind, or of any. A conditional parameter counts by the trials that have it. O(n d). */
export function failureRegions(history: History, only: FailureKind | null = null): FailureRegions {
  const table = tableOf(history);
  const rows = [...table.trials.keys()].filter((row) => {
    const standing = table.standings[row];
    const isEnded = table.trials[row]?.endedAt !== undefined;
    return isEnded && standing !== 'PENDING' && standing !== 'IGNORED' && table.params[row] !== null;
  });
  const kinds = rows.map((row) => kindOf(table, row));
  const isFailed = kinds.map((kind) => kind !== null && (only === null || kind === only));
  const counts = new Map<FailureKind, number>();
  for (const kind of kinds) if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);

  const axes = table.codecs.flatMap(({ levels }, j) => (levels > 1 ? [axisOf(table, j, rows, isFailed)] : []));
  return {
    ended: rows.length,
    failed: isFailed.filter(Boolean).length,
    kinds: [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count),
    axes: axes.sort((a, b) => b.told - a.told),
  };
}

function kindOf(table: Table, row: number): FailureKind | null {
  if (table.standings[row] !== 'FAILED') return null;
  const { state, cause = 'USER_CODE' } = table.trials[row] as HistoryTrial;
  // Those by others' fault do not stand as failed.
  return state === 'COMPLETED' ? 'NOT_FINITE' : (cause as FailureKind);
}

function axisOf(table: Table, j: number, rows: readonly number[], isFailed: readonly boolean[]): FailureAxis {
  const { parameter, levels, isUnordered, levelAt: placeOf, valueAt } = table.codecs[j] as Table['codecs'][number];
  const isListed = isUnordered || levels <= MOST_CELLS;
  const count = isListed ? levels : MOST_CELLS;
  const ended = new Float64Array(count);
  const failed = new Float64Array(count);
  rows.forEach((row, i) => {
    const point = table.points[j]?.[row] ?? Number.NaN;
    if (Number.isNaN(point)) return;
    const cell = isListed ? placeOf(point) : Math.min(count - 1, Math.floor(point * count));
    ended[cell] = (ended[cell] as number) + 1;
    if (isFailed[i]) failed[cell] = (failed[cell] as number) + 1;
  });
  const cells = Array.from(ended, (all, k): FailureCell => {
    const [low, high] = isListed
      ? [levelAt(parameter, k), levelAt(parameter, k)]
      : [valueAt(k / count), valueAt((k + 1) / count)];
    return { low, high, ended: all, failed: failed[k] as number };
  });
  return { name: parameter.name, told: told(ended, failed), cells };
}

/** @source mutual information with the correction of Miller (1955) for few observations; over the entropy: Theil's U (1972). */
function told(ended: Float64Array, failed: Float64Array): number {
  const total = ended.reduce((sum, n) => sum + n, 0);
  const doubt = entropy(
    failed.reduce((sum, n) => sum + n, 0),
    total,
  );
  if (!(doubt > 0)) return 0;
  let left = 0;
  let met = 0;
  ended.forEach((n, k) => {
    if (n === 0) return;
    met += 1;
    left += (n / total) * entropy(failed[k] as number, n);
  });
  return Math.max(0, doubt - left - (met - 1) / (2 * total)) / doubt;
}

/** Of a share, in nats. */
function entropy(part: number, whole: number): number {
  if (part === 0 || part === whole) return 0;
  const p = part / whole;
  return -p * Math.log(p) - (1 - p) * Math.log1p(-p);
}
