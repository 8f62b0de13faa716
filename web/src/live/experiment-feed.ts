/** Follows one experiment and its changed trials, and loads the list of its trials page by page. */
import {
  ExperimentChangedDocument,
  type ExperimentChangedSubscription,
  type TrialOrder,
  TrialsDocument,
} from '../../../sdk/typescript/browser.js';
import { client, codeOf, request } from '../api/client.js';
import type { TrialStore } from './trial-store.js';

const PAGE = 200;
/** Rows a page of a browser holds with ease; more are reached by order and filter. */
const MOST_ROWS = 20_000;

export type ExperimentDelta = ExperimentChangedSubscription['experimentChanged'];

/** Calls `onDelta` for the present state first, then for each change. @throws TrialgraphError when trying again cannot help. */
export async function followExperiment(
  id: string,
  onDelta: (delta: ExperimentDelta) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const deltas = client.subscribe(
        ExperimentChangedDocument,
        (last) => ({ id, after: last?.experimentChanged.cursor ?? null }),
        { signal },
      );
      for await (const { experimentChanged } of deltas) onDelta(experimentChanged);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (codeOf(error) !== 'CURSOR_EXPIRED') throw error;
    }
  }
}

/** Loads all trials, those first in `orderBy` first. @throws TrialgraphError */
export async function loadTrials(
  store: TrialStore,
  experimentId: string,
  orderBy: TrialOrder,
  signal: AbortSignal,
): Promise<void> {
  let after: string | null = null;
  for (let rows = 0; rows < MOST_ROWS && !signal.aborted; rows += PAGE) {
    const askedAt = store.tick;
    const variables: { experimentId: string; first: number; after: string | null; orderBy: TrialOrder } = {
      experimentId,
      first: PAGE,
      after,
      orderBy,
    };
    const { trials } = await request(TrialsDocument, variables, { signal });
    if (signal.aborted) return;
    store.mergePage(trials.nodes, askedAt);
    after = trials.pageInfo.endCursor;
    if (!trials.pageInfo.hasNextPage) {
      store.markComplete(true);
      return;
    }
  }
}
