import type { TrialQuery } from '../../../sdk/typescript/generated/operations.js';
import { formatNumber } from '../output.js';

type Explanation = NonNullable<TrialQuery['trial']>['explanation'];

/** Who proposed a trial and why: `gp, EXPLORE: far from all trials  expected 0.31 ± 0.02  acquisition 1.7`. */
export function explain(proposedBy: string, explanation: Explanation): string {
  if (!explanation) return proposedBy;
  const { phase, reason, mean, deviation, acquisition } = explanation;
  const spread = isGiven(deviation) ? ` ± ${formatNumber(deviation)}` : '';
  return [
    `${proposedBy}, ${phase}${reason ? `: ${reason}` : ''}`,
    ...(isGiven(mean) ? [`expected ${formatNumber(mean)}${spread}`] : []),
    ...(isGiven(acquisition) ? [`acquisition ${formatNumber(acquisition)}`] : []),
  ].join('  ');
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
