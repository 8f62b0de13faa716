/** Proposals that are not spent: redraw while that is cheap, list what is free when little is left. */

import type { History, HistoryTrial } from '../history.js';
import type { Rng } from '../math/rng.js';
import { Recall } from '../recall.js';
import { cells } from '../space/cells.js';
import { isFeasible } from '../space/constraint.js';
import { drawOrder } from '../space/draw-order.js';
import { walkCells } from '../space/find-cell.js';
import { key } from '../space/key.js';
import { levelsOf } from '../space/levels.js';
import type { Params, ParamValue, SearchSpace } from '../space/parameter.js';
import { isSame } from '../space/replicates.js';
import { isTaken } from '../standing.js';

const MOST_REDRAWS = 100;
/** Below this share of free cells they are listed rather than hit by chance. */
const FEW_FREE = 0.1;
/** Partial cells that a list of free ones may look at, where constraints make it long. */
const MOST_STEPS = 100_000;
/** Rows of values that are not theirs any more, beside one for each trial. */
const MOST_STALE = 1_000;

/** The points that may not be proposed. */
export interface Spent {
  /** Whether the point is taken, or breaks a constraint of the space. */
  readonly has: (params: Params) => boolean;
  /** How many are taken. */
  readonly size: number;
}

/**
 * The points that are finished, pending or failed by their own fault, and all that break a constraint. On a finite space
 * O(n) to make and O(1) to ask; on an infinite one nothing to make and O(n) to ask, a nanosecond for each trial that was
 * seen before.
 */
export function spentPoints(history: History): Spent {
  const { space, trials } = history;
  if (cells(space) < Infinity) {
    const keys = new Set(trials.filter(isTaken).map((trial) => key(trial.params)));
    return { has: (params) => !isFeasible(space, params) || keys.has(key(params)), size: keys.size };
  }
  return {
    has: (params) => !isFeasible(space, params) || isTakenPoint(history, params),
    get size() {
      return trials.filter(isTaken).length;
    },
  };
}

/** Few points are asked about on an infinite space: looking at those that share one value is cheaper than keying every trial. */
function isTakenPoint({ seed, space, trials }: History, params: Params): boolean {
  const name = tellingName(space, params);
  const isHere = (trial: HistoryTrial | undefined) =>
    trial !== undefined && isTaken(trial) && isSame(trial.params, params);
  if (name === undefined) return trials.some(isHere);
  const rows = rowsByValue(seed, name, trials).get(params[name] as ParamValue) ?? [];
  return rows.some((row) => isHere(trials[row]));
}

type RowsByValue = Map<ParamValue, number[]>;

/** Memo of `rowsByValue`, by seed and name. Rows of values that were there once stay: who finds them looks again. */
const ROWS = new Recall<HistoryTrial, { readonly rows: RowsByValue; readonly added: number }>();

/** At least the rows of all trials with a value of the name, by the value. */
function rowsByValue(seed: string, name: string, trials: readonly HistoryTrial[]): RowsByValue {
  const key = `${name} ${seed}`;
  const before = ROWS.last(key);
  const isStale = before !== undefined && before.value.added > 2 * trials.length + MOST_STALE;
  const { trials: old, value } = before === undefined || isStale ? { trials: [], value: NOTHING() } : before;
  let { added } = value;
  for (let i = 0; i < trials.length; i++) {
    const [was, is] = [old[i], trials[i]];
    const found = was === is ? undefined : is?.params[name];
    if (found === undefined || was?.params[name] === found) continue;
    const rows = value.rows.get(found);
    if (rows === undefined) value.rows.set(found, [i]);
    else rows.push(i);
    added += 1;
  }
  ROWS.keep(key, trials, { rows: value.rows, added });
  return value.rows;
}

const NOTHING = (): { readonly rows: RowsByValue; readonly added: number } => ({ rows: new Map(), added: 0 });

/** The name whose value hardly any other point shares: of a float without step, where one is active. */
function tellingName(space: SearchSpace, params: Params): string | undefined {
  const float = drawOrder(space).find(
    (one) =>
      one.kind === 'float' && one.step === undefined && one.fixed === undefined && Object.hasOwn(params, one.name),
  );
  return float?.name ?? Object.keys(params)[0];
}

/**
 * A draw that is not spent; on a finite space null once every cell is. A spent one comes back when redrawing finds nothing
 * else: a repeat on an infinite space, or one that breaks a constraint where those leave little. O(n) in the number of
 * spent points.
 */
export function drawUnseen(space: SearchSpace, spent: Spent, draw: () => Params, rng: Rng): Params | null {
  const first = draw();
  if (!spent.has(first)) return first;

  const total = cells(space);
  if (total === Infinity || total - spent.size >= FEW_FREE * total) {
    for (let i = 0; i < MOST_REDRAWS; i++) {
      const params = draw();
      if (!spent.has(params)) return params;
    }
    if (total === Infinity) return first;
  }
  const { free, isAll } = listFree(space, spent);
  return free[Math.floor(rng.next() * free.length)] ?? (isAll ? null : first);
}

/** The free cells: all when few are left, else the first thousand. */
function listFree(space: SearchSpace, spent: Spent): { readonly free: readonly Params[]; readonly isAll: boolean } {
  const free: Params[] = [];
  const mostFree = 1_000 + spent.size;
  const visit = (params: Params) => {
    if (!spent.has(params)) free.push(params);
    return free.length < mostFree;
  };
  const mostSteps = space.constraints === undefined ? Infinity : MOST_STEPS + 10 * spent.size;
  return { free, isAll: walkCells(space, levelsOf, visit, mostSteps) };
}
