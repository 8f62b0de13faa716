/** Revisions of searches for the edges of a graph: many ids, one statement each. */
import type { Experiment, SearchRevision } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { findExperiments } from '../../store/queries/experiment.js';
import { findTrialRevisions, listRevisions } from '../../store/queries/search-revision.js';
import { scopeOf, scopeOfTrialCaller } from '../authorize.js';
import type { Deps } from '../deps.js';
import { byKey } from '../in-order.js';

/** Per experiment the revisions of its search, oldest first; none without a search, and where it is not visible. */
export async function loadRevisions(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<(readonly SearchRevision[])[]> {
  const { read } = deps.database;
  const visible = await findExperiments(read, scopeOf(principal), ids);
  const changed = visible.filter(({ search }) => search !== null && search.revision > 1).map(({ id }) => id);
  const revisions = changed.length === 0 ? [] : await listRevisions(read, changed);
  const only = visible.filter(({ id }) => !changed.includes(id)).flatMap(firstRevision);
  return byKey(ids, [...only, ...revisions], (revision) => revision.experimentId);
}

/** Per trial the number of the revision that it was proposed under; null without a search, and where it is not visible. */
export async function loadTrialRevisions(
  deps: Deps,
  principal: Principal,
  ids: readonly TrialId[],
): Promise<(number | null)[]> {
  const allowed = principal.kind === 'trial' ? ids.filter((id) => id === principal.trialId) : ids;
  const rows = await findTrialRevisions(deps.database.read, scopeOfTrialCaller(principal), allowed);
  const found = new Map(rows.map((row) => [row.id, row.revision]));
  return ids.map((id) => found.get(id) ?? null);
}

/** What a search was when it began: as it is now, while it has not changed. Empty without a search. */
export function firstRevision({ id, search, createdAt }: Experiment): SearchRevision[] {
  if (search === null) return [];
  const { space, budget } = search;
  return [{ experimentId: id, number: 1, fromSequence: 0, fromTrial: 0, space, budget, createdBy: null, createdAt }];
}
