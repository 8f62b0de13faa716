/** The one way into the pruners: from a request that is plain data to a verdict. */

import type { History } from './history.js';
import { createPruner } from './pruners/index.js';
import type { Verdict } from './pruners/pruner.js';

export interface JudgeRequest {
  readonly pruner: { readonly kind: string; readonly options: unknown };
  readonly history: History;
  readonly trialNumber: number;
}

/**
 * Whether the trial should stop now, and why.
 * @throws MethodError when the pruner is unknown or misconfigured.
 */
export function judge({ pruner, history, trialNumber }: JudgeRequest): Verdict {
  return createPruner(pruner.kind, pruner.options).judge(history, trialNumber);
}
