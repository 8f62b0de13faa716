/**
 * A history as columns: every trial checked and encoded once, where models read it. What was read before is kept for as long as
 * the trial objects are the same ones, and comes out equal when they are not.
 */

import type { History, HistoryTrial } from '../history.js';
import { isActive } from '../space/condition.js';
import { completeParams } from '../space/default-params.js';
import { drawOrder } from '../space/draw-order.js';
import type { Params, SearchSpace } from '../space/parameter.js';
import { isSame } from '../space/replicates.js';
import { type Standing, standingOf } from '../standing.js';
import { type Codec, codecOf } from './codec.js';
import { createPointIndex, hashWith } from './point-index.js';

/** A set of active parameters that was met. */
export interface Regime {
  /** Indices into `codecs`, ascending. */
  readonly active: readonly number[];
}

/** Rows are trials by number; nothing here is ever changed. */
export interface Table {
  /** Of the experiment: its seed, a hash of its space, and how many objectives it has. */
  readonly name: string;
  readonly space: SearchSpace;
  /** In draw order. [d] */
  readonly codecs: readonly Codec[];
  /** [n] */
  readonly trials: readonly HistoryTrial[];
  /** [n] */
  readonly standings: readonly Standing[];
  /** As they read in the space now, completed by defaults; null when not legal. [n] */
  readonly params: readonly (Params | null)[];
  /** Points by parameter, NaN where inactive or not legal. [d][n] */
  readonly points: readonly Float64Array[];
  /** Index into `regimes`; -1 when not legal. [n] */
  readonly regimeOf: Int32Array;
  readonly regimes: readonly Regime[];
  /** Of the point. [n] */
  readonly hashes: Uint32Array;
  /** The first row at the same point, often the row itself; -1 when not legal. [n] */
  readonly firstOf: Int32Array;
  /** The first row at the point of these legal params, or -1. */
  readonly find: (params: Params) => number;
}

/** Experiments whose table is kept. */
const MOST_TABLES = 8;
const tables = new Map<string, Table>();

/** The history's table. O(n d) when its trials are new, O(n) when they were read before. */
export function tableOf(history: History): Table {
  const name = `${history.seed} ${history.directions.length} ${nameOf(history.space)}`;
  const before = tables.get(name);
  const table = build(name, history, before);
  // The least recently used comes first.
  tables.delete(name);
  tables.set(name, table);
  for (const oldest of tables.keys()) {
    if (tables.size <= MOST_TABLES) break;
    tables.delete(oldest);
  }
  return table;
}

function build(name: string, history: History, before: Table | undefined): Table {
  const trials = byNumber(history.trials);
  const n = trials.length;
  const space = before?.space ?? history.space;
  const codecs = before?.codecs ?? drawOrder(space).map(codecOf);
  const regimes = [...(before?.regimes ?? [])];
  const standings = before?.standings.slice(0, n) ?? [];
  const params = before?.params.slice(0, n) ?? [];
  const points = codecs.map((_, j) => resized(before?.points[j], n));
  const regimeOf = new Int32Array(n);
  const hashes = new Uint32Array(n);
  if (before !== undefined) {
    regimeOf.set(before.regimeOf.subarray(0, n));
    hashes.set(before.hashes.subarray(0, n));
  }

  const row = new Float64Array(codecs.length); // [d]
  for (let i = 0; i < n; i++) {
    const trial = trials[i] as HistoryTrial;
    if (before !== undefined && before.trials[i] === trial) continue;
    const legal = read(space, codecs, trial.params, row);
    params[i] = legal;
    standings[i] = standingOf(trial, history.directions.length);
    regimeOf[i] = legal === null ? -1 : regimeIn(regimes, row);
    hashes[i] = row.reduce(hashWith, 0);
    for (let j = 0; j < codecs.length; j++) (points[j] as Float64Array)[i] = row[j] as number;
  }
  const index = indexed(codecs, params, hashes);
  return { name, space, codecs, trials, standings, params, points, regimeOf, regimes, hashes, ...index };
}

/** Fills the row with the points of legal params and gives those; or fills it with NaN and gives null. [d] */
function read(space: SearchSpace, codecs: readonly Codec[], params: Params, row: Float64Array): Params | null {
  if (encodeRow(codecs, params, row)) return params;
  const completed = completeParams(space, params);
  if (completed !== null && encodeRow(codecs, completed, row)) return completed;
  row.fill(Number.NaN);
  return null;
}

/** Whether params are legal; if so, the row holds their points, NaN where inactive. */
function encodeRow(codecs: readonly Codec[], params: Params, row: Float64Array): boolean {
  let active = 0;
  for (let j = 0; j < codecs.length; j++) {
    const { parameter, pointOf } = codecs[j] as Codec;
    const value: unknown = params[parameter.name];
    // Values are never functions: those are inherited.
    const isGiven = value !== undefined && typeof value !== 'function';
    if (isActive(parameter, params) !== isGiven) return false;
    const point = isGiven ? pointOf(value) : Number.NaN;
    if (isGiven && Number.isNaN(point)) return false;
    row[j] = point;
    if (isGiven) active += 1;
  }
  return Object.keys(params).length === active;
}

function regimeIn(regimes: Regime[], row: Float64Array): number {
  for (let r = 0; r < regimes.length; r++) if (isRegime((regimes[r] as Regime).active, row)) return r;
  return regimes.push({ active: [...row.keys()].filter((j) => !Number.isNaN(row[j])) }) - 1;
}

function isRegime(active: readonly number[], row: Float64Array): boolean {
  let met = 0;
  for (let j = 0; j < row.length; j++) {
    const isOn = !Number.isNaN(row[j]);
    if (isOn !== (active[met] === j)) return false;
    if (isOn) met += 1;
  }
  return true;
}

function indexed(
  codecs: readonly Codec[],
  params: readonly (Params | null)[],
  hashes: Uint32Array,
): Pick<Table, 'firstOf' | 'find'> {
  const firstOf = new Int32Array(params.length).fill(-1);
  const index = createPointIndex(params.length);
  params.forEach((some, i) => {
    if (some === null) return;
    const hash = hashes[i] as number;
    const first = index.find(hash, (row) => isSame(params[row] as Params, some));
    if (first < 0) index.add(hash, i);
    firstOf[i] = first < 0 ? i : first;
  });
  const row = new Float64Array(codecs.length);
  return {
    firstOf,
    find: (some) => {
      if (!encodeRow(codecs, some, row)) return -1;
      return index.find(row.reduce(hashWith, 0), (other) => isSame(params[other] as Params, some));
    },
  };
}

function byNumber(trials: readonly HistoryTrial[]): readonly HistoryTrial[] {
  for (let i = 1; i < trials.length; i++) {
    if ((trials[i - 1] as HistoryTrial).number > (trials[i] as HistoryTrial).number) {
      return [...trials].sort((a, b) => a.number - b.number);
    }
  }
  return trials.slice();
}

function resized(column: Float64Array | undefined, n: number): Float64Array {
  const fresh = new Float64Array(n);
  if (column !== undefined) fresh.set(column.subarray(0, n));
  return fresh;
}

/** 64 bits of hash. */
function nameOf(space: SearchSpace): string {
  const known = NAMES.get(space);
  if (known !== undefined) return known;
  const text = JSON.stringify(space);
  let [first, second] = [1, 2];
  for (let i = 0; i < text.length; i++) {
    first = hashWith(first, text.charCodeAt(i));
    second = hashWith(second, text.charCodeAt(i));
  }
  const name = `${first} ${second}`;
  NAMES.set(space, name);
  return name;
}

const NAMES = new WeakMap<SearchSpace, string>();
