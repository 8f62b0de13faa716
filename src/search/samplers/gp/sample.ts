/** Turns evidence into what a fit reads: one row per different point, with a value and its share of the noise. */

import { contentHash } from '../../math/content-hash.js';
import type { Known } from './evidence.js';
import type { Features } from './features.js';
import type { Table } from './kernel.js';

/** A value that was read off an unfinished curve is less certain. */
const PARTIAL_NOISE = 4;

export interface RawSample {
  readonly table: Table;
  /** As observed, not yet warped; finite. [count] */
  readonly values: Float64Array;
  readonly noiseShare: Float64Array; // [count]
  /** The evidence behind each row. */
  readonly groups: readonly (readonly Known[])[];
}

/**
 * Replicates become one row with the mean and a share of 1/r. A pruned trial was judged to be bad, so that its last report
 * counts as no better than the median of the completed; a stopped one as no better than the best. Null when nothing has a value.
 */
export function objectiveSample(features: Features, known: readonly Known[]): RawSample | null {
  const complete = known.filter(({ source }) => source === 'VALUE').map(({ value }) => value);
  const partial = known.filter(({ source, value }) => source !== 'VALUE' && value < Infinity).map(({ value }) => value);
  const sorted = (complete.length > 0 ? complete : partial).sort((a, b) => a - b);
  const [best] = sorted;
  // Nothing but trials that were pruned before they said anything: all alike.
  if (best === undefined) return known.length === 0 ? null : grouped(features, known, () => 0);
  const median = sorted[sorted.length >> 1] ?? best;
  const worst = Math.max(sorted.at(-1) ?? best, ...partial);
  const read = ({ source, value }: Known) => {
    if (source === 'VALUE') return value;
    return Math.min(worst, Math.max(value, source === 'PRUNED' && complete.length > 0 ? median : best));
  };
  return grouped(features, known, read);
}

/** The k-th constraint at the same rows; what was not reported or is not finite counts as the worst that was. */
export function constraintSample(features: Features, known: readonly Known[], k: number): RawSample | null {
  const told = known.flatMap(({ constraints }) => constraints.slice(k, k + 1)).filter(Number.isFinite);
  const having = known.filter(({ constraints }) => constraints.length > k);
  if (told.length === 0) return having.length === 0 ? null : grouped(features, having, () => 1);
  const worst = told.reduce((a, b) => Math.max(a, b), 0);
  const least = told.reduce((a, b) => Math.min(a, b), 0);
  return grouped(features, having, ({ constraints }) => {
    const excess = constraints[k] ?? worst;
    return Number.isFinite(excess) ? excess : excess === -Infinity ? least : worst;
  });
}

/** The share of failures at each point. */
export function failureSample(features: Features, outcomes: readonly Known[]): RawSample {
  return grouped(features, outcomes, ({ value }) => value);
}

function grouped(features: Features, known: readonly Known[], read: (known: Known) => number): RawSample {
  const groups = new Map<string, Known[]>();
  for (const some of known) {
    const name = nameOf(some.row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [some]);
    else group.push(some);
  }
  const list = [...groups.values()];
  const rows = new Float64Array(list.length * features.width);
  list.forEach(([first], i) => {
    if (first !== undefined) rows.set(first.row, i * features.width);
  });
  return {
    table: { rows, count: list.length, width: features.width, numeric: features.numeric },
    values: Float64Array.from(list, (group) => group.reduce((sum, some) => sum + read(some) / group.length, 0)),
    noiseShare: Float64Array.from(list, (group) => {
      const certainty = group.reduce((sum, { source }) => sum + (source === 'VALUE' ? 1 : 1 / PARTIAL_NOISE), 0);
      return 1 / certainty;
    }),
    groups: list,
  };
}

/** Equal rows have the same name. */
function nameOf(row: Float64Array): string {
  const known = NAMES.get(row);
  if (known !== undefined) return known;
  const name = contentHash([row]);
  NAMES.set(row, name);
  return name;
}

/** Memo of `nameOf`: the rows of trials are kept, and asked about at every proposal. */
const NAMES = new WeakMap<Float64Array, string>();
