/** The verdict on trial 99, which runs and has reported so far, beside others. */

import type { Direction, HistoryTrial } from '../../../src/search/history.js';
import { judge } from '../../../src/search/judge.js';
import type { Verdict } from '../../../src/search/pruners/pruner.js';
import { curve, everything, historyOf } from '../support.js';

export function verdictOn(
  reports: readonly number[],
  kind: string,
  options: Readonly<Record<string, unknown>> = {},
  others: readonly HistoryTrial[] = [],
  { direction = 'minimize', steps }: { readonly direction?: Direction; readonly steps?: readonly number[] } = {},
): Verdict {
  const running = curve(99, reports, {
    state: 'RUNNING',
    ...(steps === undefined ? {} : { steps: Float64Array.from(steps) }),
  });
  const history = historyOf(everything, [...others, running], { directions: [direction] });
  return judge({ pruner: { kind, options }, history, trialNumber: 99 });
}
