/** The trials of one experiment: pages are merged in, deltas patch rows in place, the table reads. */
import type {
  MetricSummaryFieldsFragment,
  TrialFieldsFragment,
  TrialRowFragment,
} from '../../../sdk/typescript/browser.js';
import { FrameSignal } from './frame-signal.js';

/** A row; summaries come with pages only. */
export interface TrialEntry {
  readonly trial: TrialFieldsFragment;
  readonly summary: readonly MetricSummaryFieldsFragment[];
}

export class TrialStore {
  readonly signal: FrameSignal;
  readonly #entries = new Map<string, TrialEntry>();
  readonly #byNumber = new Map<number, string>();
  readonly #patchedAt = new Map<string, number>();
  #tick = 0;
  #isComplete = false;

  constructor(signal: FrameSignal = new FrameSignal()) {
    this.signal = signal;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether every trial of the experiment is here. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** A moment, to give to `mergePage` with what was asked then. */
  get tick(): number {
    return this.#tick;
  }

  get(id: string): TrialEntry | undefined {
    return this.#entries.get(id);
  }

  byNumber(number: number): TrialEntry | undefined {
    const id = this.#byNumber.get(number);
    return id === undefined ? undefined : this.#entries.get(id);
  }

  all(): TrialEntry[] {
    return [...this.#entries.values()];
  }

  /** Rows of a page asked at `askedAt`; what a delta has changed since then stays. */
  mergePage(rows: readonly TrialRowFragment[], askedAt: number): void {
    for (const { summary, ...trial } of rows) {
      const isStale = (this.#patchedAt.get(trial.id) ?? -1) > askedAt;
      const kept = isStale ? this.#entries.get(trial.id)?.trial : undefined;
      this.#put({ trial: kept ?? trial, summary });
    }
    if (rows.length > 0) this.signal.touch();
  }

  /** Present states of trials that changed. */
  patch(trials: readonly TrialFieldsFragment[]): void {
    this.#tick += 1;
    for (const trial of trials) {
      this.#patchedAt.set(trial.id, this.#tick);
      this.#put({ trial, summary: this.#entries.get(trial.id)?.summary ?? [] });
    }
    if (trials.length > 0) this.signal.touch();
  }

  markComplete(isComplete: boolean): void {
    if (this.#isComplete === isComplete) return;
    this.#isComplete = isComplete;
    this.signal.touch();
  }

  #put(entry: TrialEntry): void {
    this.#entries.set(entry.trial.id, entry);
    this.#byNumber.set(entry.trial.number, entry.trial.id);
  }
}
