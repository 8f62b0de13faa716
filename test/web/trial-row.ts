/** Builds rows of the table of trials. */
import type { MetricSummaryFieldsFragment, TrialRowFragment } from '../../sdk/typescript/browser.js';

type Given = Partial<Omit<TrialRowFragment, 'summary'>> & { summary?: Partial<MetricSummaryFieldsFragment>[] };

/** A completed trial, number 0, with what is given. */
export function trialRow({ summary = [], ...given }: Given = {}): TrialRowFragment {
  const number = given.number ?? 0;
  return {
    id: `trial-${number}`,
    projectId: 'project',
    experimentId: 'experiment',
    number,
    name: null,
    state: 'COMPLETED',
    params: {},
    tags: [],
    proposedBy: 'random',
    value: null,
    objectiveValues: null,
    isFeasible: null,
    seed: null,
    cause: null,
    message: null,
    stopReason: null,
    stopMessage: null,
    attempt: 1,
    contact: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:01.000Z',
    endedAt: '2026-01-01T00:01:01.000Z',
    durationSeconds: 60,
    dropped: 0,
    pointsExpiredAt: null,
    ...given,
    summary: summary.map((metric) => ({
      key: 'loss',
      count: 1,
      nonFinite: 0,
      first: 0,
      last: 0,
      lastStep: 0,
      min: 0,
      minStep: 0,
      max: 0,
      maxStep: 0,
      mean: 0,
      ...metric,
    })),
  };
}
