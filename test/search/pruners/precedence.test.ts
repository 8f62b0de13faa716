import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curve } from '../support.js';
import { verdictOn } from './verdict.js';

/** Step 4 is a rung and a decision step; step 5 is none. The judged trial reports at position 99. */
const until4 = (value: number) => [0, 0, 0, 0, value];
/** Eight controls, whose early values tell the end. */
const completed = Array.from({ length: 8 }, (_, i) => curve(i, [0, 0, 0, 0, i, i, i], { values: [i], endedAt: 20 }));
const running = (from: number, values: readonly number[], at: number) =>
  values.map((value, i) =>
    curve(from + i, until4(value), { state: 'RUNNING', reportedAt: Float64Array.from(until4(0), () => at) }),
  );

describe('a verdict at a rung', () => {
  it.each([
    ['asha', { minSteps: 4, maxSteps: 100 }],
    ['asha', { minSteps: 4, maxSteps: 100, firstPasses: true }],
    ['forecast', { controls: 0, chance: 0.05 }],
  ] as const)('of %s %j to go on stays, whatever comes at the same position', (kind, options) => {
    const values = fc.array(fc.nat(9), { maxLength: 8 });
    let stopped = 0;
    fc.assert(
      fc.property(fc.nat(9), values, values, values, (own, earlier, seen, unseen) => {
        const others = [...completed, ...running(20, earlier, 50), ...running(40, seen, 99)];
        const then = verdictOn(until4(own), kind, options, others);
        if (then.stop) {
          stopped += 1;
          return;
        }

        const later = [...others, ...running(60, unseen, 99), ...running(80, [0, 0, 0], 100)];
        expect(verdictOn([...until4(own), 9], kind, options, later).stop).toBe(false);
      }),
      { seed: 3, numRuns: 300 },
    );
    expect(stopped).toBeGreaterThan(0);
  });

  it('of forecast does not change with what ends later', () => {
    const late = completed.map((trial) => ({ ...trial, endedAt: 120 }));

    expect(verdictOn([...until4(9), 9], 'forecast', { controls: 0 }, completed).stop).toBe(true);
    expect(verdictOn([...until4(9), 9], 'forecast', { controls: 0 }, late).stop).toBe(false);
  });
});
