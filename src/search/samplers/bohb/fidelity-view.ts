/** A history at one fidelity: what a sampler that knows of whole trials only can learn from trials that were stopped on the way. */

import type { History, HistoryTrial } from '../../history.js';
import { type LadderOptions, ladderOf, lastStep } from '../../pruners/ladder.js';
import { signOf } from '../../pruners/pruner.js';
import { resultAt } from '../../pruners/rungs.js';
import { type Standing, standingOf } from '../../standing.js';

/**
 * The history as if trials ended at the highest level at which at least `enough` have a value: the end of a trial, else a rung.
 * Who has a value there is completed with it, though it may still run; who was stopped or paused below has failed, so that it
 * teaches where not to go and does not count among those of which a share is good; who has not come so far stays pending. Null
 * when no level has enough. The view is for models only. O(n) a rung.
 * @source Falkner et al., BOHB, ICML 2018, section 3.2: model the largest budget with enough observations.
 */
export function fidelityView(history: History, ladder: LadderOptions, enough: number): History | null {
  const sign = signOf(history);
  const entries = history.trials.map((trial) => ({ trial, standing: standingOf(trial, history.directions.length) }));
  const alive = entries.filter(({ standing }) => standing !== 'FAILED' && standing !== 'IGNORED');
  const finiteAt = (trial: HistoryTrial, step: number) => {
    const report = resultAt(trial, step, sign)?.report ?? Number.NaN;
    return Number.isFinite(report) ? report : null;
  };
  const isWhole = alive.filter(({ standing }) => standing === 'OBSERVED').length >= enough;
  const levels = isWhole ? [Infinity] : descendingRungs(history, ladder);
  const level = levels.find(
    (step) => isWhole || alive.filter(({ trial }) => finiteAt(trial, step) !== null).length >= enough,
  );
  if (level === undefined) return null;
  return { ...history, trials: entries.map(({ trial, standing }) => seenAt(trial, standing, finiteAt(trial, level))) };
}

function seenAt(trial: HistoryTrial, standing: Standing, value: number | null): HistoryTrial {
  if (standing === 'FAILED' || standing === 'IGNORED') return trial;
  if (value !== null) return { ...trial, state: 'COMPLETED', values: [value] };
  return standing === 'PARTIAL' ? { ...trial, state: 'FAILED', cause: 'USER_CODE' } : trial;
}

/** All rungs that anybody has reached, the highest first. */
function descendingRungs(history: History, options: LadderOptions): readonly number[] {
  const ladder = ladderOf(options, history);
  if (ladder === null) return [];
  const furthest = history.trials.reduce((step, trial) => Math.max(step, lastStep(trial)), -Infinity);
  const rungs: number[] = [];
  for (let rung = ladder.first; rung <= furthest && rung < ladder.end; rung *= ladder.eta) rungs.unshift(rung);
  return rungs;
}
