/** Several experiments side by side. */
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Analysis, loadAnalyses } from './load-analyses.js';

const MOST_EXPERIMENTS = 20;

/**
 * The experiments ready to be analysed, in the order asked for, each once.
 * @throws NOT_FOUND naming one that is not visible or has no search, LIMIT_EXCEEDED for more than twenty.
 */
export async function compareAnalyses(
  deps: Deps,
  principal: Principal,
  experimentIds: readonly string[],
): Promise<readonly Analysis[]> {
  const ids = [...new Set(experimentIds)].map((id) => checkId<ExperimentId>(id, 'experiment'));
  if (ids.length > MOST_EXPERIMENTS)
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${MOST_EXPERIMENTS} experiments can be compared at once`);
  const found = ids.length === 0 ? [] : await loadAnalyses(deps, principal, ids);
  return found.map((analysis, i) => {
    if (analysis !== null) return analysis;
    throw new PlatformError('NOT_FOUND', `there is no experiment ${ids[i]} with a search`);
  });
}
