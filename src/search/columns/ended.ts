/**
 * The trials that taught something in the order in which they ended: what methods with a state of their own go through, one by
 * one. Names what was read so far, so that such a state can be kept and reached again.
 */

import type { HistoryTrial } from '../history.js';
import { violation } from '../standing.js';
import { hashWith } from './point-index.js';
import type { Table } from './table.js';

export interface Ended {
  /** Observed, ended early or failed, and legal in the space. Ascending in `endedAt`, then number. [e] */
  readonly rows: readonly number[];
  /** A name of all that the first `count` trials say: 64 bits, equal for equal histories only. */
  readonly nameOf: (count: number) => string;
}

interface Read {
  readonly trials: readonly HistoryTrial[];
  /** Running hashes after each trial. [e] */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
}

/** The ended trials of a table. O(n); trials that were read before are not read again. */
export function endedRows(table: Table): Ended {
  const rows: number[] = [];
  for (let row = 0; row < table.trials.length; row++) {
    const standing = table.standings[row];
    if (standing === 'PENDING' || standing === 'IGNORED' || (table.firstOf[row] as number) < 0) continue;
    rows.push(row);
  }
  const endOf = (row: number) => (table.trials[row] as HistoryTrial).endedAt ?? Number.MAX_VALUE;
  rows.sort((a, b) => endOf(a) - endOf(b) || a - b);

  const read = readOn(table, rows, READ.get(table.codecs));
  READ.set(table.codecs, read);
  return { rows, nameOf: (count) => (count === 0 ? '' : `${read.first[count - 1]} ${read.second[count - 1]}`) };
}

/** What was read last of an experiment; its codecs stay the same for as long as its table is kept. */
const READ = new WeakMap<Table['codecs'], Read>();

function readOn(table: Table, rows: readonly number[], before: Read | undefined): Read {
  const first = new Uint32Array(rows.length);
  const second = new Uint32Array(rows.length);
  const trials = rows.map((row) => table.trials[row] as HistoryTrial);
  let known = 0;
  while (known < rows.length && before !== undefined && before.trials[known] === trials[known]) known += 1;
  if (before !== undefined) {
    first.set(before.first.subarray(0, known));
    second.set(before.second.subarray(0, known));
  }
  for (let i = known; i < rows.length; i++) {
    const said = contentsOf(table, rows[i] as number);
    first[i] = said.reduce(hashWith, i === 0 ? 1 : (first[i - 1] as number));
    second[i] = said.reduce(hashWith, i === 0 ? 2 : (second[i - 1] as number));
  }
  return { trials, first, second };
}

/** All that a method may learn from an ended trial, and who proposed it when. */
function contentsOf(table: Table, row: number): readonly number[] {
  const trial = table.trials[row] as HistoryTrial;
  return [
    trial.number,
    trial.askedAt,
    trial.endedAt ?? -1,
    ...Array.from(trial.by, (letter) => letter.charCodeAt(0)),
    STANDINGS.indexOf(table.standings[row] as string),
    ...table.points.map((column) => column[row] as number),
    ...(trial.values ?? []),
    violation(trial),
    trial.steps.at(-1) ?? -1,
    trial.reports.at(-1) ?? 0,
  ];
}

const STANDINGS: readonly string[] = ['OBSERVED', 'PARTIAL', 'FAILED'];
