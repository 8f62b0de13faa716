/** When a rule that looks every so many steps looks. Reports may skip steps, so a step is due at the first report past it. */

import type { Option } from '../options.js';

/** The options of rules that look every so many steps. */
export const decisionOptions = [
  { name: 'warmupSteps', type: 'int', default: 0, min: 0, doc: 'Steps of a trial before its first decision.' },
  { name: 'intervalSteps', type: 'int', default: 1, min: 1, doc: 'Steps between decisions, counted from the warm-up.' },
] as const satisfies readonly Option[];

/** Whether the last report is the first one at or after a multiple of the interval past the warm-up. */
export function isDecisionStep(
  steps: Float64Array,
  { warmupSteps, intervalSteps }: { readonly warmupSteps: number; readonly intervalSteps: number },
): boolean {
  const step = steps.at(-1) ?? -Infinity;
  if (step < warmupSteps) return false;
  const boundary = warmupSteps + Math.floor((step - warmupSteps) / intervalSteps) * intervalSteps;
  return steps.subarray(0, -1).every((earlier) => earlier < boundary || earlier === step);
}
