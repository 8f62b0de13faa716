import { describe, expect, it } from 'vitest';
import { type History, type HistoryTrial, nextNumber } from '../../../src/search/history.js';
import { createRng } from '../../../src/search/math/rng.js';
import { drawUniform } from '../../../src/search/samplers/uniform.js';
import { spentPoints } from '../../../src/search/samplers/unseen.js';
import { isFeasible } from '../../../src/search/space/constraint.js';
import { key } from '../../../src/search/space/key.js';
import type { Params } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { isTaken } from '../../../src/search/standing.js';
import { seededGenerator } from '../../../src/service/search/generator.js';

const none = new Float64Array(0);

function trialOf(number: number, params: Params, part: Partial<HistoryTrial> = {}): HistoryTrial {
  const reports = { steps: none, reports: none, reportedAt: none };
  return { number, params, state: 'COMPLETED', values: [1], ...reports, by: 'user', askedAt: number + 1, ...part };
}

/** One infinite space whose floats are not always there, one where every value is a choice, and one with a constraint. */
const SPACES = {
  conditional: parseSpace({
    kind: { kind: 'categorical', choices: ['a', 'b'] },
    x: { kind: 'float', low: 0, high: 1, when: { param: 'kind', in: ['a'] } },
    fixed: { kind: 'float', low: 0, high: 1, default: 0.5 },
  }),
  finite: parseSpace({ n: { kind: 'int', low: 0, high: 5 }, kind: { kind: 'categorical', choices: ['a', 'b'] } }),
  constrained: parseSpace({
    parameters: [
      { name: 'x', kind: 'float', low: 0, high: 1 },
      { name: 'y', kind: 'float', low: 0, high: 1 },
    ],
    constraints: [{ kind: 'linear', coefficients: { x: 1, y: 1 }, atMost: 1 }],
  }),
};

describe('spentPoints', () => {
  it.each(Object.entries(SPACES))('says what keying every trial says, on the %s space', (_, space) => {
    const rng = createRng('spent', seededGenerator);
    const drawn = Array.from({ length: 40 }, (_, i) => drawUniform(space, rng.fork(String(i))));
    // Some were asked twice, and some by no fault of theirs never really tried.
    const trials = drawn.slice(0, 20).map((params, i) => {
      const lost = { state: 'FAILED', cause: i % 2 === 0 ? 'INFRASTRUCTURE' : 'OOM' } as const;
      return trialOf(i, params, i % 5 === 0 ? lost : {});
    });
    trials.push(...drawn.slice(0, 3).map((params, i) => trialOf(20 + i, { ...params })));
    const history: History = { seed: 's', space, directions: ['minimize'], trials };
    const keys = new Set(trials.filter(isTaken).map(({ params }) => key(params)));

    const spent = spentPoints(history);

    const copies = drawn.map((params) => ({ ...params }));
    expect(copies.map((params) => spent.has(params))).toEqual(
      copies.map((params) => keys.has(key(params)) || !isFeasible(space, params)),
    );
    expect(copies.some((params) => spent.has(params))).toBe(true);
    expect(spent.size).toBeGreaterThan(0);
  });
});

describe('what is remembered of a history', () => {
  const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });
  const historyOf = (trials: readonly HistoryTrial[]): History => ({
    seed: 'recalled',
    space,
    directions: ['minimize'],
    trials,
  });
  const at = (number: number, x: number, part: Partial<HistoryTrial> = {}) => trialOf(number, { x }, part);

  it('follows trials that come, change, move and go', () => {
    const lost = { state: 'FAILED', cause: 'PREEMPTED' } as const;
    const steps: readonly (readonly HistoryTrial[])[] = [
      [],
      [at(0, 0.1), at(1, 0.2)],
      [at(0, 0.1), at(1, 0.2, lost)],
      [at(1, 0.2), at(0, 0.1), at(2, 0.3)],
      [at(0, 0.1), at(1, 0.2)],
      [at(-1, 0.5), at(0, 0.1), at(1, 0.4)],
      [at(7, 0.2)],
      [],
      [at(0, 0.3)],
    ];
    for (const trials of steps) {
      const history = historyOf(trials);
      const taken = trials.filter(isTaken).map(({ params }) => params.x);
      expect(nextNumber(history)).toBe(Math.max(0, ...trials.map(({ number }) => number + 1)));
      const xs = [0.1, 0.2, 0.3, 0.4, 0.5];
      expect(xs.filter((x) => spentPoints(history).has({ x }))).toEqual(xs.filter((x) => taken.includes(x)));
    }
  });
});
