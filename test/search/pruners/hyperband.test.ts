import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/search/judge.js';
import { bracketsOf } from '../../../src/search/pruners/brackets.js';
import { curve, everything, historyOf } from '../support.js';

const history = historyOf(everything, []);
const options = { minSteps: 1, eta: 3, maxSteps: 81 };
const brackets = bracketsOf(options, history)!;

describe('hyperband', () => {
  it('has brackets from the patient to the bold, at whole steps where they are powers', () => {
    expect(brackets.ladders.map((ladder) => ladder.first)).toEqual([81, 27, 9, 3, 1]);
    expect(bracketsOf({ ...options, maxSteps: 0 }, history)).toBeNull();
  });

  it('gives each bracket its share of the trials, and each trial always the same', () => {
    const counts = brackets.ladders.map(
      (ladder) => Array.from({ length: 9_000 }, (_, i) => i).filter((i) => brackets.of(i) === ladder).length / 9_000,
    );
    // ceil(5 · 3^s / (s + 1)) = 5, 8, 15, 34, 81
    [5, 8, 15, 34, 81].forEach((share, s) => {
      expect(counts[s]).toBeCloseTo(share / 143, 1.5);
    });
    expect(bracketsOf(options, { ...history, seed: 'other' })!.of(0)).toBeDefined();
    expect(bracketsOf(options, history)!.of(7)).toEqual(brackets.of(7));
  });

  it('compares a trial within its bracket only, and in the most patient one never', () => {
    const numberIn = (s: number, after: number) => {
      for (let i = after + 1; ; i++) if (brackets.of(i) === brackets.ladders[s]) return i;
    };
    const stops = (own: number, other: number) => {
      const trials = [
        curve(own, [9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9], { state: 'RUNNING' }),
        curve(other, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], { state: 'RUNNING' }),
      ];
      return judge({
        pruner: { kind: 'hyperband', options },
        history: historyOf(everything, trials),
        trialNumber: own,
      }).stop;
    };
    const [bold, second, patient] = [numberIn(4, -1), numberIn(3, -1), numberIn(0, -1)];

    expect(stops(numberIn(4, bold), bold)).toBe(true);
    expect(stops(numberIn(4, second), second)).toBe(false);
    expect(stops(numberIn(0, patient), patient)).toBe(false);
  });

  it('asks for the bracket of those only that have reached the rung', () => {
    const own = Array.from({ length: 50 }, (_, i) => i).find((i) => brackets.of(i) === brackets.ladders[4]) ?? 0;
    let asked = 0;
    const counted = (number: number, reports: readonly number[]) =>
      Object.defineProperty({ ...curve(number, reports, { state: 'RUNNING' }) }, 'number', {
        get: () => {
          asked += 1;
          return number;
        },
      });
    const judgeAt = (reports: readonly number[]) => {
      const trials = Array.from({ length: 60 }, (_, i) =>
        i === own ? curve(i, reports, { state: 'RUNNING', reportedAt: Float64Array.of(99, 99) }) : counted(i, [9, 9]),
      );
      const waiting = Array.from({ length: 40 }, (_, i) => counted(60 + i, [9]));
      asked = 0;
      judge({
        pruner: { kind: 'hyperband', options },
        history: historyOf(everything, [...trials, ...waiting]),
        trialNumber: own,
      });
      return asked;
    };

    expect(judgeAt([9])).toBe(0);
    expect(judgeAt([9, 9])).toBe(59);
  });
});
