/** What trials came to at each level, as numbers in the order in which it became known. Smaller is better throughout. */

import type { History, HistoryTrial } from '../../history.js';
import { signOf } from '../../pruners/pruner.js';
import { resultAt } from '../../pruners/rungs.js';
import { completeParams } from '../../space/default-params.js';
import { standingOf } from '../../standing.js';
import type { Known } from '../gp/evidence.js';
import { type Features, pointOf, writeRow } from '../gp/features.js';
import { fidelityColumn, type Levels, placeOfLevel } from './fidelity.js';

/** The value of one trial at one level; Infinity when it was no number. */
export interface Result extends Known {
  readonly trial: number;
  readonly level: number;
  /** Position at which it became known. */
  readonly at: number;
}

/**
 * Of all trials that have not failed and are legal in the space, those that run too. A report counts once, at the highest level
 * that it has come to: where reports are sparse, the levels that it went past are left out. O(n) a level.
 */
export function resultsOf(history: History, features: Features, levels: Levels, end: number): readonly Result[] {
  const results: Result[] = [];
  for (const trial of history.trials) {
    const standing = standingOf(trial, history.directions.length);
    const isUseful = standing !== 'FAILED' && standing !== 'IGNORED';
    const params = isUseful ? completeParams(history.space, trial.params) : null;
    if (params === null) continue;
    const point = pointOf(features, params);
    const { constraints = [] } = trial;
    // Where a whole trial ends, its last report says what its value says.
    const last = standing === 'OBSERVED' ? end : Infinity;
    levels.forEach((step, level) => {
      const next = Math.min(levels[level + 1] ?? Infinity, last);
      const found = step === Infinity ? finalOf(trial, history) : reportOf(trial, step, next, history);
      if (found === null) return;
      const row = new Float64Array(features.width);
      writeRow(features, point, row, 0);
      row[fidelityColumn(features)] = placeOfLevel(levels, level, end);
      results.push({ ...found, row, point, source: 'VALUE', constraints, trial: trial.number, level });
    });
  }
  return results.sort((a, b) => compare(a.at, b.at) || a.trial - b.trial || a.level - b.level);
}

type Found = Pick<Result, 'value' | 'at'>;

/** The report that stands at the level of a step, and not at the next one too. */
function reportOf(trial: HistoryTrial, step: number, next: number, history: History): Found | null {
  const result = resultAt(trial, step, signOf(history));
  if (result === null || result.step >= next) return null;
  return { value: Number.isFinite(result.value) ? result.value : Infinity, at: result.at };
}

/** Only of trials that have ended whole, with a finite value. */
function finalOf(trial: HistoryTrial, history: History): Found | null {
  if (standingOf(trial, history.directions.length) !== 'OBSERVED') return null;
  return { value: signOf(history) * (trial.values?.[0] ?? 0), at: trial.endedAt ?? Infinity };
}

/** Equal infinities have no difference. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
