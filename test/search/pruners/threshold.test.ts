import { describe, expect, it } from 'vitest';
import { verdictOn } from './verdict.js';

describe('threshold pruner', () => {
  it('stops a value outside the range, whose limits belong to it, whatever the direction', () => {
    for (const direction of ['minimize', 'maximize'] as const) {
      const code = (value: number) => verdictOn([value], 'threshold', { lower: -1, upper: 2 }, [], { direction }).code;

      expect([-1.1, -1, 2, 2.1].map(code)).toEqual(['PRUNE', 'CONTINUE', 'CONTINUE', 'PRUNE']);
    }
  });

  it('by default stops only what is not finite', () => {
    const code = (value: number) => verdictOn([value], 'threshold').code;

    expect([Infinity, -Infinity, Number.NaN, 1e308].map(code)).toEqual(['PRUNE', 'PRUNE', 'NAN', 'CONTINUE']);
  });

  it('waits for the warm-up, even over NaN, and looks once an interval', () => {
    const options = { upper: 1, warmupSteps: 2, intervalSteps: 2 };

    expect(verdictOn([9, Number.NaN], 'threshold', options).stop).toBe(false);
    expect(verdictOn([9, 9, 9], 'threshold', options).stop).toBe(true);
    expect(verdictOn([9, 9, 9, 9], 'threshold', options).stop).toBe(false);
  });
});
