/** Steps as fidelities: which levels a history has, and where each stands in a row of features. */

import { type History, isPaused } from '../../history.js';
import { highestRung, type LadderOptions, ladderOf, lastStep } from '../../pruners/ladder.js';
import { standingOf } from '../../standing.js';
import type { Features } from '../gp/features.js';

/**
 * Whether trials are ended early or paused by their reports, so that there is more to learn from than whole trials: the rule by
 * which `auto` takes this method. Copies of another trial's checkpoint are no such fidelities: they have its steps too. Trials of
 * another experiment say nothing of how this one is run.
 */
export function hasFidelities({ trials }: History): boolean {
  const isCut = trials.some(
    (trial) => trial.number >= 0 && trial.reports.length > 0 && (trial.state === 'PRUNED' || isPaused(trial)),
  );
  return isCut && trials.every((trial) => trial.parent === undefined);
}

/** Steps at which trials are compared, ascending; the last may be Infinity, which stands for the end, however long a trial was. */
export type Levels = readonly number[];

/**
 * The rungs that anybody has reached, from the one of the earliest first report on, and the end once one has come to it; empty
 * while the first rung is not known. Nobody tells one rung below that from another.
 */
export function levelsOf(history: History, options: LadderOptions): Levels {
  const ladder = ladderOf(options, history);
  const isWhole = history.trials.some((trial) => standingOf(trial, history.directions.length) === 'OBSERVED');
  const levels: number[] = [];
  if (ladder !== null) {
    const furthest = history.trials.reduce((step, trial) => Math.max(step, lastStep(trial)), -Infinity);
    const earliest = history.trials.reduce((step, { steps }) => Math.min(step, steps[0] ?? Infinity), Infinity);
    const first = highestRung(ladder, earliest) ?? ladder.first;
    for (let rung = first; rung <= furthest && rung < ladder.end; rung *= ladder.eta) levels.push(rung);
  }
  return isWhole ? [...levels, Infinity] : levels;
}

/**
 * The column of a level: ln(1 + step) from -1 at step 0 to 0 at the highest level, which so is where rows stand that say nothing
 * of a level. `end` is the number of steps of a whole trial, Infinity while nobody knows.
 */
export function placeOfLevel(levels: Levels, level: number, end: number): number {
  if (level === levels.length - 1) return 0;
  const highest = Number.isFinite(end) ? end : (levels.findLast(Number.isFinite) ?? 1);
  return Math.min(0, Math.log1p(levels[level] ?? 0) / Math.log1p(highest) - 1);
}

/** The layout with one more numeric column, the last of them, for the level. Points have no place for it: theirs is 0. */
export function withFidelity(features: Features): Features {
  const known = LAYOUTS.get(features);
  if (known !== undefined) return known;
  const axes = features.axes.map((axis) => (axis.isUnordered ? { ...axis, column: axis.column + 1 } : axis));
  const layout = { ...features, axes, numeric: features.numeric + 1, width: features.width + 1 };
  LAYOUTS.set(features, layout);
  return layout;
}

/** Memo of `withFidelity`: the places of trials are known by their layout, which so has to stay the same. */
const LAYOUTS = new WeakMap<Features, Features>();

/** Where the level stands in a row of such a layout. */
export function fidelityColumn({ numeric }: Features): number {
  return numeric - 1;
}
