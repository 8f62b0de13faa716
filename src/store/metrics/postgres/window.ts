/** Points whose steps lie in a window. */
import type { Window } from './chart-plan.js';

interface Columns {
  readonly steps: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** The columns themselves when all of their steps do. */
export function pick({ steps, times, values }: Columns, { from, to }: Window): Columns {
  let count = 0;
  for (const step of steps) if (step >= from && step <= to) count++;
  if (count === steps.length) return { steps, times, values };
  const picked = { steps: new Float64Array(count), times: new Float64Array(count), values: new Float64Array(count) };
  let at = 0;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number;
    if (step < from || step > to) continue;
    picked.steps[at] = step;
    picked.times[at] = times[i] as number;
    picked.values[at++] = values[i] as number;
  }
  return picked;
}
