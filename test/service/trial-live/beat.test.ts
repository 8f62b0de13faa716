import { describe, expect, it } from 'vitest';
import type { TrialId } from '../../../src/domain/ids.js';
import type { Trial } from '../../../src/domain/trial.js';
import { type BeatChange, mergeBeats } from '../../../src/service/trial-live/beat.js';
import { NumberSet } from '../../../src/service/trial-live/number-set.js';
import { seededRandom } from '../../support/seeded-random.js';

const ID = 'one' as TrialId;
const trial = (number: number) => ({ id: ID, number }) as Trial;
const merged = (...steps: BeatChange[]) => mergeBeats(steps.map((step) => new Map([[ID, step]])));

describe('beats as one delta', () => {
  it('tells a trial once, by what it was before all and is after all', () => {
    const entered = { was: false, trial: trial(1) };
    const updated = { was: true, trial: trial(2) };
    const left = { was: true, trial: null };

    expect(merged(entered, updated)).toEqual({ entered: [trial(2)], updated: [], left: [] });
    expect(merged(left, entered)).toEqual({ entered: [], updated: [trial(1)], left: [] });
    expect(merged(updated, left)).toEqual({ entered: [], updated: [], left: [ID] });
    expect(merged(entered, updated, left)).toEqual({ entered: [], updated: [], left: [] });
  });
});

describe('a set of numbers', () => {
  it('holds what was put in and not taken out, as a Set does', () => {
    const random = seededRandom(5);
    const plain = new Set([3, 900]);
    const set = new NumberSet(plain);
    for (let i = 0; i < 5_000; i++) {
      const [number, isIn] = [Math.floor(random() * 3_000), random() < 0.5];
      set.put(number, isIn);
      if (isIn) plain.add(number);
      else plain.delete(number);
    }

    expect(set.numbers()).toEqual([...plain].sort((a, b) => a - b));
    expect([set.has(1e6), set.has([...plain][0] ?? -1)]).toEqual([false, true]);
  });
});
