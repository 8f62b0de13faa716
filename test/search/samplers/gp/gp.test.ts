import { describe, expect, it, vi } from 'vitest';
import type { History, HistoryTrial } from '../../../../src/search/history.js';
import { createRng } from '../../../../src/search/math/rng.js';
import { bayesOptSearch } from '../../../../src/search/samplers/gp/bayes-opt-search.js';
import { gp } from '../../../../src/search/samplers/gp/gp.js';
import { type Simulation, simulate } from '../../../../src/search/simulate.js';
import type { Params } from '../../../../src/search/space/parameter.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { everything, historyOf, makeGenerator, trial } from '../../support.js';

const plane = parseSpace({ x: { kind: 'float', low: -5, high: 10 }, y: { kind: 'float', low: 0, high: 15 } });

function branin({ x, y }: Params): number {
  const [a, b] = [Number(x), Number(y)];
  const bowl = (b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6) ** 2;
  return bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
}

function run(rest: Partial<Simulation>): History {
  return simulate({
    space: plane,
    sampler: { kind: 'gp' },
    objective: branin,
    trials: 30,
    seed: 'gp',
    makeGenerator,
    ...rest,
  });
}

function suggest(history: History, count = 1, options: unknown = {}) {
  return gp.create(options).suggest(history, count, createRng(history.seed, makeGenerator));
}

function best({ trials }: History): number {
  return Math.min(...trials.flatMap(({ values = [] }) => values));
}

describe('gp', () => {
  it('comes within 0.01 of the optimum of Branin in 30 trials, whatever the warp', () => {
    for (const warp of ['auto', 'yeo-johnson', 'half-rank']) {
      expect(best(run({ sampler: { kind: 'gp', options: { warp } } })) - 0.397887, warp).toBeLessThan(0.01);
    }
  });

  it('finds the one good combination of six choices of five in 80 trials of 15,625', () => {
    const space = parseSpace(
      Object.fromEntries(
        Array.from({ length: 6 }, (_, i) => [`op${i}`, { kind: 'categorical', choices: ['a', 'b', 'c', 'd', 'e'] }]),
      ),
    );
    const objective = (params: Params) =>
      Object.values(params).reduce<number>(
        (sum, op, i) => sum + Math.abs('abcde'.indexOf(String(op)) - ((i * 2) % 5)),
        0,
      );

    expect(best(run({ space, objective, trials: 80 }))).toBe(0);
  });

  it('begins with spread points, then says what it expects and why', () => {
    const history = run({ trials: 12 });
    const [first] = suggest({ ...history, trials: history.trials.slice(0, 2) });
    const [later] = suggest(history, 1);

    expect(first?.explanation).toEqual({ phase: 'STARTUP' });
    expect(['EXPLORE', 'EXPLOIT']).toContain(later?.explanation.phase);
    expect(later?.by).toBe('gp');
    for (const number of [later?.explanation.mean, later?.explanation.deviation, later?.explanation.acquisition]) {
      expect(Number.isFinite(number)).toBe(true);
    }
  });

  it('tells the mean in the unit and direction of the objective', () => {
    const history = run({ objective: (params) => 1000 - branin(params), directions: ['maximize'], trials: 30 });
    const explained = suggest(history)[0]?.explanation;

    expect(explained?.mean).toBeGreaterThan(900);
    expect(explained?.mean).toBeLessThan(1001);
    expect(explained?.deviation).toBeLessThan(300);
  });

  it('proposes different points in a batch', () => {
    const proposals = suggest(run({ trials: 8 }), 5).map(({ params }) => params);

    for (const [i, a] of proposals.entries()) {
      for (const b of proposals.slice(0, i)) {
        const gap = Math.hypot((Number(a.x) - Number(b.x)) / 15, (Number(a.y) - Number(b.y)) / 15);
        expect(gap).toBeGreaterThan(0.002);
      }
    }
  });

  it('keeps out of where trials fail', () => {
    const objective = (params: Params) =>
      Number(params.x) < 0 ? { cause: 'OOM' as const } : { values: [branin(params)] };
    const { trials } = run({ objective, trials: 40 });

    const failed = trials.slice(20).filter(({ state }) => state === 'FAILED').length;
    expect(failed).toBeLessThanOrEqual(4);
    expect(best({ ...historyOf(plane, trials) })).toBeLessThan(0.5);
  });

  it('keeps to constraints that are only known afterwards', () => {
    const objective = (params: Params) => ({ values: [Number(params.x)], constraints: [2 - Number(params.x)] });
    const { trials } = withConstraints(objective, 30);

    const excess = ({ constraints = [] }: HistoryTrial) => Math.max(...constraints);
    const feasible = trials.filter((some) => excess(some) <= 0);
    expect(trials.slice(15).filter((some) => excess(some) > 0.05).length).toBeLessThan(4);
    expect(Math.min(...feasible.flatMap(({ values = [] }) => values))).toBeLessThan(2.05);
  });

  it('does the same with any server’s memory: cold, or after other experiments', async () => {
    const history = run({ space: everything, objective: score, trials: 45 });
    const warm = suggest(history, 3);
    vi.resetModules();
    const fresh = await import('../../../../src/search/samplers/gp/gp.js');
    const cold = fresh.gp.create({}).suggest(history, 3, createRng(history.seed, makeGenerator));

    expect(cold).toEqual(warm);
  });

  it('goes on beyond the number of trials that it models at once', () => {
    const draw = makeGenerator('many');
    const trials = Array.from({ length: 700 }, (_, i) => {
      const params = { x: -5 + 15 * draw(), y: 15 * draw() };
      return trial(i, params, { values: [branin(params)], endedAt: 2 * i + 2 });
    });
    const [proposal] = suggest(historyOf(plane, trials));

    expect(branin(proposal?.params ?? {})).toBeLessThan(1);
  });

  it('serves every acquisition', () => {
    for (const acquisition of ['ei', 'ucb', 'poi']) {
      const { trials } = run({ sampler: { kind: 'gp', options: { acquisition, deterministic: true } }, trials: 25 });

      expect(best(historyOf(plane, trials)), acquisition).toBeLessThan(2);
    }
  });
});

describe('bayes_opt_search', () => {
  it('has the names and defaults that people know', () => {
    expect(bayesOptSearch.options.map(({ name, default: value }) => [name, value])).toEqual([
      ['num_samples', 20],
      ['kind', 'ucb'],
      ['kappa', 2.5],
      ['xi', 0],
      ['seed', 1],
    ]);
  });

  it('optimises with each kind, and otherwise with another seed', () => {
    for (const kind of ['ucb', 'ei', 'poi']) {
      expect(best(run({ sampler: { kind: 'bayes_opt_search', options: { kind } } })), kind).toBeLessThan(4);
    }
    const seeded = (seed: number) => run({ sampler: { kind: 'bayes_opt_search', options: { seed } }, trials: 8 });
    expect(seeded(2).trials.map(({ params }) => params)).not.toEqual(seeded(1).trials.map(({ params }) => params));
  });
});

function score(params: Params): number {
  return Object.values(params).reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 1), 0);
}

/** A plain loop, since `simulate` reports no constraints. */
function withConstraints(
  objective: (params: Params) => { values: readonly number[]; constraints: readonly number[] },
  count: number,
): History {
  const trials: HistoryTrial[] = [];
  const history = historyOf(plane, trials);
  for (let i = 0; i < count; i++) {
    const [proposal] = suggest(history);
    const params = proposal?.params ?? {};
    trials.push(trial(i, params, { ...objective(params), endedAt: 2 * i + 2 }));
  }
  return history;
}
