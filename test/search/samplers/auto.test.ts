import { describe, expect, it } from 'vitest';
import type { History } from '../../../src/search/history.js';
import { createRng } from '../../../src/search/math/rng.js';
import { auto, chooseArm } from '../../../src/search/samplers/auto.js';
import { proposalSeconds } from '../../../src/search/samplers/auto-rules.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { everything, historyOf, makeGenerator, small, trial } from '../support.js';

const line = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });

function after(count: number, seconds?: number, rest: Partial<History> = {}): History {
  const trials = Array.from({ length: count }, (_, i) =>
    trial(
      i,
      { x: (i * 0.618) % 1 },
      { values: [i % 7], endedAt: 2 * i + 2, ...(seconds === undefined ? {} : { seconds }) },
    ),
  );
  return historyOf(line, trials, rest);
}

describe('auto', () => {
  it('tries every point when all fit into the budget', () => {
    expect(chooseArm(historyOf(small, [], { budget: 12 })).kind).toBe('random');
    expect(chooseArm(historyOf(small, [], { budget: 11 })).kind).toBe('gp');
    expect(chooseArm(historyOf(small, [])).kind).toBe('gp');
  });

  it('counts the points that were tried, not the replicates of one', () => {
    const again = (point: string, count: number) =>
      Array.from({ length: count }, (_, i) =>
        trial(i, { branch: 'a', flag: point === 'first' || i > 0 }, { values: [i] }),
      );

    // Eleven points are left, and ten trials; then ten points are.
    expect(chooseArm(historyOf(small, again('first', 3), { budget: 13 })).kind).toBe('gp');
    expect(chooseArm(historyOf(small, again('other', 3), { budget: 13 })).kind).toBe('random');
  });

  it('takes gp whatever the kinds of parameters', () => {
    for (const space of [line, everything]) expect(chooseArm(historyOf(space, [])).kind).toBe('gp');
    expect(chooseArm(after(300)).kind).toBe('gp');
  });

  it('takes tpe where a proposal would cost more than a tenth of the time between trials', () => {
    const cost = proposalSeconds(200, 1);

    expect(chooseArm(after(200, 9 * cost)).kind).toBe('tpe');
    expect(chooseArm(after(200, 11 * cost)).kind).toBe('gp');
  });

  it('counts the trials in flight: many workers ask often', () => {
    const history = after(200, 11 * proposalSeconds(200, 1));
    const running = trial(200, { x: 0.5 }, { state: 'RUNNING' });

    expect(chooseArm({ ...history, trials: [...history.trials, running] }).kind).toBe('tpe');
  });

  it('says who proposed and why', () => {
    for (const [history, by] of [
      [after(30), 'gp'],
      [after(200, 1e-3), 'tpe'],
      [historyOf(small, [], { budget: 20 }), 'random'],
    ] as const) {
      const [proposal] = auto.create({}).suggest(history, 1, createRng(history.seed, makeGenerator));

      expect(proposal?.by).toBe(by);
      expect(proposal?.explanation.reason).toBe(chooseArm(history).reason);
      expect(proposal?.explanation.reason?.length).toBeGreaterThan(20);
    }
  });

  it('serves several objectives with an arm that can', () => {
    const history = historyOf(line, [], { directions: ['minimize', 'maximize'] });

    expect(auto.create({}).suggest(history, 2, createRng('seed', makeGenerator)).length).toBe(2);
  });
});
