/**
 * The state of CMA-ES as a function of the history: a generation is the next lambda trials that ended, whoever proposed them.
 * States are kept under the name of what was read; a cold server goes through the history and reaches the same one.
 */

import { type Ended, endedRows } from '../../columns/ended.js';
import { compareRanks, type Rank, rankOf } from '../../columns/rank.js';
import type { Table } from '../../columns/table.js';
import type { Direction, HistoryTrial } from '../../history.js';
import type { Rng } from '../../math/rng.js';
import { type ChoiceLaws, learnChoices, uniformLaws } from './choice-laws.js';
import { constantsOf } from './constants.js';
import { drawFrom, isDrawOf, type Laws } from './draw.js';
import type { Layout } from './layout.js';
import { withMargin } from './margin.js';
import { freshLaw, learn, type NormalLaw, norm, type Step, whiten } from './normal-law.js';
import { firstRun, nextRun, type Restarts, type Run } from './restart.js';
import { hasConverged } from './stop.js';

/** Beyond so many coordinates their correlations are not learnt. */
const MOST_CORRELATED = 50;
/** Draws of a trial that are compared with what it became: more than one are only made to keep off spent points. */
const MOST_COMPARED = 4;
/** Generations whose laws are kept to draw again from. */
const MOST_RECENT = 8;

export interface EvolveOptions {
  /** Trials a generation. */
  readonly lambda: number;
  readonly sigma: number;
  readonly restarts: Restarts;
}

export interface State {
  /** How many ended trials it has learnt from. */
  readonly consumed: number;
  readonly run: Run;
  readonly normal: NormalLaw;
  readonly choices: ChoiceLaws;
  /** Best value of each generation of the run, as far as the stopping rule looks back. */
  readonly bests: readonly number[];
  /** Newest last: what was drawn from since so many trials had ended. */
  readonly recent: readonly { readonly since: number; readonly laws: Laws }[];
}

/** The state after every whole generation. Cold O(n d^2 + n d^3 / lambda), warm O(n). */
export function evolve(
  table: Table,
  layout: Layout,
  directions: readonly Direction[],
  options: EvolveOptions,
  root: Rng,
): State {
  const ended = endedRows(table);
  const prefix = `${table.name} ${directions.join()} ${JSON.stringify(options)} `;
  let state = latestKept(prefix, ended) ?? firstState(layout, options);
  let before = state;
  while (ended.rows.length - state.consumed >= state.run.lambda) {
    before = state;
    state = nextState(state, table, layout, ended.rows, directions, options, root);
  }
  // Not all on the way, or one experiment gone through from its start would push out those of others. The last but one is asked
  // for when a proposal is checked against what was known when it was made.
  for (const latest of before === state ? [] : [before, state]) {
    if (latest.consumed > 0) keep(prefix + ended.nameOf(latest.consumed), latest);
  }
  return state;
}

/** What the next proposals are drawn from. */
export function lawsOf({ normal, choices }: State): Laws {
  return { normal, choices: choices.laws };
}

function firstState(layout: Layout, { lambda, sigma }: EvolveOptions): State {
  const mean = Float64Array.from(layout.numbers, ({ start }) => start);
  return started(0, firstRun(lambda, sigma), withMargin(freshLaw(mean, sigma), layout, lambda), layout, []);
}

function started(consumed: number, run: Run, normal: NormalLaw, layout: Layout, recent: State['recent']): State {
  const choices = uniformLaws(layout.choices.map(({ count }) => count));
  const laws = { normal, choices: choices.laws };
  return { consumed, run, normal, choices, bests: [], recent: remembered(recent, consumed, laws, layout) };
}

function nextState(
  state: State,
  table: Table,
  layout: Layout,
  rows: readonly number[],
  directions: readonly Direction[],
  options: EvolveOptions,
  root: Rng,
): State {
  const { lambda } = state.run;
  const consumed = state.consumed + lambda;
  const generation = rows.slice(state.consumed, consumed).map((row) => ({ row, rank: rankOf(table, row, directions) }));
  generation.sort((a, b) => compareRanks(a.rank, b.rank) || a.row - b.row);
  const run = { ...state.run, used: state.run.used + lambda };
  // A generation that failed as a whole says nothing of where to go.
  const { normal, choices } =
    generation[0]?.rank[0] === 3 ? state : learnFrom(state, table, layout, generation, rows, root);
  const bests = [...state.bests, bestValue(generation)].slice(-1_000);
  const isOver =
    hasConverged(normal, run.sigma, lambda, bests) || (run.used >= run.most && options.restarts === 'bipop');
  if (isOver && options.restarts !== 'none') return restarted(run, consumed, layout, options, state.recent, root);

  const laws = { normal, choices: choices.laws };
  return { consumed, run, normal, choices, bests, recent: remembered(state.recent, consumed, laws, layout) };
}

function learnFrom(
  state: State,
  table: Table,
  layout: Layout,
  generation: readonly { readonly row: number }[],
  rows: readonly number[],
  root: Rng,
): Pick<State, 'normal' | 'choices'> {
  const d = layout.numbers.length;
  const isDiagonal = d > MOST_CORRELATED;
  const constants = constantsOf(Math.max(1, d), generation.length, isDiagonal);
  const steps = generation.map(({ row }) => stepOf(state, table, layout, row, rows, root));
  const normal =
    d === 0 ? state.normal : withMargin(learn(state.normal, steps, constants, isDiagonal), layout, generation.length);
  const chosen = generation.map(({ row }) => {
    return Int32Array.from(layout.choices, ({ column }) => {
      const choice = table.points[column]?.[row] ?? Number.NaN;
      return Number.isNaN(choice) ? -1 : choice;
    });
  });
  const positive = constants.weights.slice(0, constants.mu);
  return {
    normal,
    choices: layout.choices.length === 0 ? state.choices : learnChoices(state.choices, chosen, positive),
  };
}

/**
 * A trial against the law at hand, shortened where it lies far outside of it.
 * @source injected solutions: Hansen arXiv:1110.4181, section 3.
 */
function stepOf(state: State, table: Table, layout: Layout, row: number, rows: readonly number[], root: Rng): Step {
  const { mean, sigma, scales } = state.normal;
  const d = mean.length;
  const unrounded = layout.isLossy ? drawnAgain(state, table, layout, row, rows, root) : null;
  const selected = new Float64Array(d);
  const drawn = new Float64Array(d);
  layout.numbers.forEach(({ column, isGrid, middle }, j) => {
    const point = table.points[column]?.[row] ?? Number.NaN;
    const isHeld = !Number.isNaN(point);
    const again = unrounded?.[j] ?? Number.NaN;
    const u = isHeld && (!isGrid || Number.isNaN(again)) ? middle(point) : again;
    if (Number.isNaN(u)) return;
    drawn[j] = (u - (mean[j] as number)) / (sigma * (scales[j] as number));
    if (isHeld) selected[j] = drawn[j] as number;
  });
  const length = norm(whiten(state.normal, drawn));
  const most = Math.sqrt(d) + (2 * d) / (d + 2);
  const factor = length > most ? most / length : 1;
  return { selected: selected.map((y) => y * factor), drawn: drawn.map((y) => y * factor) };
}

/** The numbers as they were drawn, before rounding, when the trial was drawn from laws that are still known. [d] */
function drawnAgain(
  state: State,
  table: Table,
  layout: Layout,
  row: number,
  rows: readonly number[],
  root: Rng,
): Float64Array | null {
  const trial = table.trials[row] as HistoryTrial;
  if (trial.by !== 'cma') return null;
  const endOf = (place: number) => table.trials[rows[place] ?? -1]?.endedAt ?? Infinity;
  // What had ended when the trial was asked for.
  const origin = state.recent.findLast(({ since }) => since === 0 || endOf(since - 1) < trial.askedAt);
  if (origin === undefined) return null;
  const stream = root.fork(String(trial.number));
  for (let attempt = 0; attempt < MOST_COMPARED; attempt++) {
    const draw = drawFrom(origin.laws, layout, stream.fork(`draw ${attempt}`));
    if (isDrawOf(draw, table, row, layout)) return draw.numbers;
  }
  return null;
}

function restarted(
  run: Run,
  consumed: number,
  layout: Layout,
  options: EvolveOptions,
  recent: State['recent'],
  root: Rng,
): State {
  const rng = root.fork(`cma run ${run.index + 1}`);
  const next = nextRun(run, options.restarts, options.lambda, options.sigma, rng.fork('size'));
  const places = rng.fork('mean');
  const mean = Float64Array.from(layout.numbers, () => places.next());
  return started(consumed, next, withMargin(freshLaw(mean, next.sigma), layout, next.lambda), layout, recent);
}

function remembered(recent: State['recent'], since: number, laws: Laws, layout: Layout): State['recent'] {
  return layout.isLossy ? [...recent, { since, laws }].slice(-MOST_RECENT) : [];
}

function bestValue(generation: readonly { readonly rank: Rank }[]): number {
  const best = generation[0]?.rank;
  return best?.[0] === 0 ? best[1] : Infinity;
}

const KEPT = new Map<string, State>();
const MOST_KEPT = 64;

function keep(name: string, state: State): void {
  KEPT.set(name, state);
  for (const oldest of KEPT.keys()) {
    if (KEPT.size <= MOST_KEPT) return;
    KEPT.delete(oldest);
  }
}

/** The kept state that has learnt from most of these trials. */
function latestKept(prefix: string, ended: Ended): State | null {
  for (let count = ended.rows.length; count > 0; count--) {
    const name = prefix + ended.nameOf(count);
    const state = KEPT.get(name);
    if (state === undefined) continue;
    // The least recently used comes first.
    KEPT.delete(name);
    KEPT.set(name, state);
    return state;
  }
  return null;
}
