import { describe, expect, it } from 'vitest';
import type { TrialRowFragment } from '../../../sdk/typescript/browser.js';
import { FrameSignal } from '../../../web/src/live/frame-signal.js';
import { TrialStore } from '../../../web/src/live/trial-store.js';
import { trialRow } from '../trial-row.js';

const storeOf = () => new TrialStore(new FrameSignal((draw) => draw()));
const withoutSummary = ({ summary: _, ...trial }: TrialRowFragment) => trial;

describe('the trial store', () => {
  it('patches a row and keeps its summary', () => {
    const store = storeOf();
    const row = trialRow({ state: 'RUNNING', summary: [{ key: 'loss', last: 1 }] });
    store.mergePage([row], store.tick);

    store.patch([{ ...withoutSummary(row), state: 'COMPLETED' }]);

    expect(store.byNumber(row.number)?.trial.state).toBe('COMPLETED');
    expect(store.byNumber(row.number)?.summary[0]?.last).toBe(1);
  });

  it('does not let a page that was asked for earlier undo a patch', () => {
    const store = storeOf();
    const row = trialRow({ state: 'RUNNING' });
    const askedAt = store.tick;

    store.patch([{ ...withoutSummary(row), state: 'FAILED' }]);
    store.mergePage([row], askedAt);

    expect(store.get(row.id)?.trial.state).toBe('FAILED');
    expect(store.size).toBe(1);
  });
});
