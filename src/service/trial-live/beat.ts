/** What one step of a set of matching trials changed, and several steps as one. */
import type { TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';

export interface BeatChange {
  /** Whether it was in the set before the beat; true of deleted ones, which may not have been. */
  readonly was: boolean;
  /** The trial as it is now; null when it is not in the set any more. */
  readonly trial: Trial | null;
}

export type BeatChanges = ReadonlyMap<TrialId, BeatChange>;

/** What a subscriber is told. */
export interface TrialsDelta {
  readonly entered: readonly Trial[];
  readonly updated: readonly Trial[];
  readonly left: readonly TrialId[];
}

/** Beats that follow one another as one delta: a trial that came and went is not in it, one that changed twice is once. */
export function mergeBeats(beats: readonly BeatChanges[]): TrialsDelta {
  const merged = new Map<TrialId, BeatChange>();
  for (const beat of beats) {
    for (const [id, { was, trial }] of beat) merged.set(id, { was: merged.get(id)?.was ?? was, trial });
  }
  const entered: Trial[] = [];
  const updated: Trial[] = [];
  const left: TrialId[] = [];
  for (const [id, { was, trial }] of merged) {
    if (trial !== null) (was ? updated : entered).push(trial);
    else if (was) left.push(id);
  }
  return { entered, updated, left };
}

export function isEmpty({ entered, updated, left }: TrialsDelta): boolean {
  return entered.length + updated.length + left.length === 0;
}
