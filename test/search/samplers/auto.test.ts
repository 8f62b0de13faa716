import { describe, expect, it } from 'vitest';
import type { History } from '../../../src/search/history.js';
import { createRng } from '../../../src/search/math/rng.js';
import { auto, chooseArm } from '../../../src/search/samplers/auto.js';
import { proposalSeconds } from '../../../src/search/samplers/auto-rules.js';
import { gp } from '../../../src/search/samplers/gp/gp.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { everything, historyOf, makeGenerator, small, trial } from '../support.js';

const unit = { kind: 'float', low: 0, high: 1 };
const line = parseSpace({ x: unit });

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

  it('counts as many trials for each point as each will get', () => {
    const replicates = { count: 3, first: 2, share: 0.2, confirm: null };

    expect(chooseArm(historyOf(small, [], { budget: 23, replicates })).kind).toBe('gp');
    expect(chooseArm(historyOf(small, [], { budget: 24, replicates }))).toMatchObject({
      kind: 'random',
      reason: 'all 12 points of the space fit into the budget: each is tried 2 times, in random order',
    });
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

  it('proposes what the method by itself would', () => {
    const history = after(9);
    const rng = createRng(history.seed, makeGenerator);
    const own = gp.create({}).suggest(history, 2, rng);

    expect(
      auto
        .create({})
        .suggest(history, 2, rng)
        .map(({ params }) => params),
    ).toEqual(own.map(({ params }) => params));
  });

  it('takes a model of each of up to three objectives, and tpe for more', () => {
    const directions = ['minimize', 'maximize', 'minimize', 'minimize'] as const;
    const arms = [2, 3, 4].map((count) => chooseArm(vectors(40, { directions: directions.slice(0, count) })).kind);

    expect(arms).toEqual(['gp', 'gp', 'tpe']);
    const history = historyOf(line, [], { directions: directions.slice(0, 2) });
    expect(auto.create({}).suggest(history, 2, createRng('seed', makeGenerator)).length).toBe(2);
  });

  it('takes tpe for several objectives where a model of each would be too dear', () => {
    const directions = ['minimize', 'minimize'] as const;
    const cost = 2 * proposalSeconds(40, 1);

    expect(chooseArm(vectors(40, { directions }, 9 * cost)).kind).toBe('tpe');
    expect(chooseArm(vectors(40, { directions }, 11 * cost)).kind).toBe('gp');
  });

  it('breeds once the front of many trials stands still', () => {
    const directions = ['minimize', 'minimize'] as const;

    // All are dominated by the first; or each is one more of the front.
    expect(chooseArm(vectors(251, { directions })).kind).toBe('nsga2');
    expect(chooseArm(vectors(250, { directions })).kind).toBe('gp');
    const growing = vectors(251, { directions }).trials.map((some, i) => ({ ...some, values: [i, -i] }));
    expect(chooseArm(historyOf(line, growing, { directions })).kind).toBe('gp');
  });

  it('models steps too once a trial was ended early by what it reported, or paused', () => {
    const history = after(40);
    const reported = { steps: Float64Array.of(1), reports: Float64Array.of(3), reportedAt: Float64Array.of(81) };
    const withOne = (one: Parameters<typeof trial>[2]) =>
      chooseArm({ ...history, trials: [...history.trials, trial(40, { x: 0.5 }, one)] }).kind;

    expect(withOne({ ...reported, state: 'PRUNED', endedAt: 82 })).toBe('mfgp');
    const paused = { pausedAt: Float64Array.of(82), resumedAt: new Float64Array(0) };
    expect(withOne({ ...reported, ...paused, state: 'WAITING' })).toBe('mfgp');
    expect(withOne({ ...reported, state: 'STOPPED', endedAt: 82 })).toBe('gp');
    expect(withOne({ ...reported, state: 'PRUNED', endedAt: 82, parent: 3 })).toBe('gp');
  });

  it('lets methods take turns with the model of steps too, when there was no new best for long', () => {
    const reported = { steps: Float64Array.of(1), reports: Float64Array.of(3), reportedAt: Float64Array.of(0) };
    const kindAfter = (news: number, pruned: number, by: string) => {
      const trials = Array.from({ length: news + pruned }, (_, i) =>
        trial(
          i,
          { x: (i * 0.618) % 1 },
          {
            by,
            endedAt: 2 * i + 2,
            ...(i < news ? { values: [-i] } : { ...reported, state: 'PRUNED' }),
          },
        ),
      );
      return chooseArm(historyOf(line, trials)).kind;
    };

    expect(kindAfter(40, 29, 'mfgp')).toBe('mfgp');
    expect(kindAfter(40, 30, 'mfgp')).toBe('turbo');
    // It has not been asked yet.
    expect(kindAfter(40, 30, 'gp')).toBe('mfgp');
  });

  it('lets methods take turns when there was no new best for long, or after many trials', () => {
    const plane = parseSpace(Object.fromEntries('abcde'.split('').map((name) => [name, unit])));
    const kindAfter = (values: readonly number[]) => {
      const trials = values.map((value, i) =>
        trial(i, { a: i / 99, b: 0, c: 0, d: 0, e: 0 }, { by: 'gp', values: [value], endedAt: 2 * i + 2 }),
      );
      return chooseArm(historyOf(plane, trials)).kind;
    };
    const falling = (count: number) => Array.from({ length: count }, (_, i) => -i);

    expect(kindAfter([...falling(20), ...Array.from({ length: 29 }, () => 9)])).toBe('gp');
    expect(kindAfter([...falling(20), ...Array.from({ length: 30 }, () => 9)])).toBe('turbo');
    expect(kindAfter(falling(50))).toBe('gp');
    expect(kindAfter(falling(51))).toBe('turbo');

    const tried = Array.from({ length: 100 }, (_, i) => trial(i, { n: i }, { by: 'gp', values: [i], endedAt: i + 1 }));
    const finite = parseSpace({ n: { kind: 'int', low: 0, high: 9_999 } });
    expect(chooseArm(historyOf(finite, tried)).kind).toBe('gp');
  });
});

/** Trials with a vector of 0, then of 1, 2 … in every objective. */
function vectors(count: number, rest: Partial<History>, seconds?: number): History {
  const base = after(count, seconds, rest);
  const values = (i: number) => (rest.directions ?? []).map((direction) => (direction === 'maximize' ? -i : i));
  return { ...base, trials: base.trials.map((some, i) => ({ ...some, values: values(i) })) };
}
