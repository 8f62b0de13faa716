/** All points of a trial or an experiment, one bounded page at a time: nothing is held between pages but a cursor. */

import type { TrialId } from '../../domain/ids.js';
import type { TrialSeries } from '../../domain/metric.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { loadTrials } from '../trial/load-trials.js';
import { MAX_PAGE_POINTS, readPoints } from './read-points.js';
import type { ScopeInput } from './scope-from.js';

/** Streams of one trial lie together, so few are asked for twice. */
const MAX_REMEMBERED = 10_000;

/** Raw points of one series with its trial's number in the experiment. */
export interface NumberedSeries extends TrialSeries {
  readonly number: number;
}

export interface ExportMetricsInput extends ScopeInput {
  /** Who the caller is now: asked before every page. @throws when it may no longer. */
  readonly recheck: () => Promise<Principal>;
}

/**
 * Pages of points, each series in stored order; ends when all that is stored has been read. Points that arrive meanwhile
 * come too, those of a trial that is deleted meanwhile do not. Leave the loop to stop reading.
 * @throws what `readPoints` throws
 */
export async function* exportMetrics(
  deps: Deps,
  { recheck, ...scope }: ExportMetricsInput,
): AsyncGenerator<readonly NumberedSeries[], void, undefined> {
  const numbers = new Map<TrialId, number>();
  let after: string | null = null;
  for (;;) {
    const principal = await recheck();
    const page = await readPoints(deps, principal, { ...scope, after, limit: MAX_PAGE_POINTS });
    await addNumbers(deps, principal, page.series, numbers);
    const numbered = page.series.flatMap((series) => {
      const number = numbers.get(series.trialId);
      return number === undefined ? [] : [{ ...series, number }];
    });
    if (numbered.length > 0) yield numbered;
    if (!page.more) return;
    after = page.cursor;
  }
}

async function addNumbers(
  deps: Deps,
  principal: Principal,
  series: readonly TrialSeries[],
  numbers: Map<TrialId, number>,
): Promise<void> {
  if (numbers.size > MAX_REMEMBERED) numbers.clear();
  const missing = [...new Set(series.map(({ trialId }) => trialId))].filter((id) => !numbers.has(id));
  if (missing.length === 0) return;
  for (const trial of await loadTrials(deps, principal, missing)) if (trial) numbers.set(trial.id, trial.number);
}
