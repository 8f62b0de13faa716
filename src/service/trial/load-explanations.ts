import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { TrialExplanation } from '../../domain/trial.js';
import { findExplanations } from '../../store/queries/trial.js';
import { scopeOfTrialCaller } from '../authorize.js';
import type { Deps } from '../deps.js';

/** Per id why the trial was proposed; null where a person chose it, or it is not visible. A trial's token sees itself. */
export async function loadExplanations(
  deps: Deps,
  principal: Principal,
  ids: readonly TrialId[],
): Promise<(TrialExplanation | null)[]> {
  const allowed = principal.kind === 'trial' ? ids.filter((id) => id === principal.trialId) : ids;
  const rows = await findExplanations(deps.database.read, scopeOfTrialCaller(principal), allowed);
  const found = new Map(rows.map((row) => [row.id, row.explanation]));
  return ids.map((id) => found.get(id) ?? null);
}
