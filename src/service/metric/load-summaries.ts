import type { TrialId } from '../../domain/ids.js';
import type { MetricSummary } from '../../domain/metric.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { readableTrials } from './places.js';

/** Summaries of each trial in the order asked, sorted by key; none for trials that the caller may not read. */
export async function loadSummaries(
  deps: Deps,
  principal: Principal,
  trialIds: readonly TrialId[],
  keys: readonly string[] | null = null,
): Promise<(readonly MetricSummary[])[]> {
  const readable = await readableTrials(deps, principal, trialIds);
  const asked = [...readable];
  const summaries = asked.length === 0 ? [] : await deps.metrics.readSummaries(asked, keys);
  const byTrial = new Map(asked.map((id, i) => [id, summaries[i] ?? []]));
  return trialIds.map((id) => byTrial.get(id) ?? []);
}
