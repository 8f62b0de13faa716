import { describe, expect, it } from 'vitest';
import type { HistoryTrial } from '../../../../src/search/history.js';
import { judge, resume } from '../../../../src/search/judge.js';
import { createRng } from '../../../../src/search/math/rng.js';
import { explore } from '../../../../src/search/pruners/schedulers/explore.js';
import { drawUniform } from '../../../../src/search/samplers/uniform.js';
import { simulateTime } from '../../../../src/search/simulate-time.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { validateParams } from '../../../../src/search/space/validate-params.js';
import { curve, everything, historyOf, makeGenerator } from '../../support.js';
import { falling, line } from '../../training.js';

const options = { interval: 2 };
const scheduler = { kind: 'pbt', options };
const at2 = (number: number, value: number, rest: Partial<HistoryTrial> = {}) =>
  curve(number, [9, 9, value], { state: 'RUNNING', params: { x: number / 10 }, ...rest });
const verdict = (trials: readonly HistoryTrial[], trialNumber: number) =>
  judge({ pruner: scheduler, history: historyOf(line, trials), trialNumber });

describe('pbt', () => {
  it('ends the worst quarter at a mark, once four have passed it', () => {
    const four = [3, 1, 4, 2].map((value, i) => at2(i, value, { reportedAt: Float64Array.of(0, 0, 0) }));

    expect([0, 1, 2, 3].map((number) => verdict(four, number).code)).toEqual([
      'CONTINUE',
      'CONTINUE',
      'EXPLOIT',
      'CONTINUE',
    ]);
    expect(verdict(four.slice(1), 2).code).toBe('CONTINUE');
  });

  it('compares trials in step with each other, whoever reports first, and nobody by what came at a later position', () => {
    const at = (position: number) => ({ reportedAt: Float64Array.of(position, position, position) });
    const first = { ...at2(9, 9), steps: Float64Array.of(0, 1, 2, 3), reports: Float64Array.of(9, 9, 9, 9) };
    const own = { ...first, reportedAt: Float64Array.of(5, 5, 5, 5) };
    const others = (position: number) => [3, 1, 2].map((value, i) => at2(i, value, at(position)));

    expect(verdict([own], 9).code).toBe('CONTINUE');
    expect(verdict([own, ...others(5)], 9).code).toBe('EXPLOIT');
    expect(verdict([own, ...others(6)], 9).code).toBe('CONTINUE');
  });

  it('replaces the k-th that ended by the k-th offspring of one of the best', () => {
    const ended = { state: 'PRUNED', endedAt: 50 } as const;
    const trials = [at2(0, 3), at2(1, 1), at2(2, 4, ended), at2(3, 2), at2(4, 9, { ...ended, endedAt: 40 })];
    const starts = (more: readonly HistoryTrial[], free = 9) =>
      resume({ scheduler, history: historyOf(line, [...trials, ...more]), free, makeGenerator });

    expect(starts([])).toMatchObject([{ parent: 1 }, { parent: 1 }]);
    expect(starts([])[0]?.reason).toContain('replaces trial 4');
    expect(starts([at2(5, 1, { parent: 1 })])).toMatchObject([{ parent: 1 }]);
    expect(starts([at2(5, 1, { parent: 1 })])[0]?.reason).toContain('replaces trial 2');
    expect(starts([at2(5, 1, { parent: 1 }), at2(6, 1, { parent: 1 })])).toEqual([]);
  });

  it('copies nobody of another experiment, and replaces nobody there: their checkpoints are elsewhere', () => {
    const ended = { state: 'PRUNED', endedAt: 50 } as const;
    const warm = [at2(-2, 0, { state: 'COMPLETED', endedAt: -2 }), at2(-1, 9, { state: 'PRUNED', endedAt: -1 })];
    const history = historyOf(line, [...warm, at2(0, 3), at2(1, 1), at2(2, 4, ended)]);

    const starts = resume({ scheduler, history, free: 9, makeGenerator });

    expect(starts).toMatchObject([{ parent: 1 }]);
    expect(starts[0]?.reason).toContain('replaces trial 2');
  });

  it('does not compare a copy at marks that its parent had passed', () => {
    const four = [3, 1, 4, 2].map((value, i) => at2(i, value));
    const child = curve(4, [99], { state: 'RUNNING', parent: 1, steps: Float64Array.of(3) });

    expect(verdict([...four, child], 4).code).toBe('CONTINUE');
  });

  it('explores around the parent: numbers by a fifth, others to a neighbour, always legal', () => {
    const rng = createRng('explore', makeGenerator);
    for (let i = 0; i < 300; i++) {
      const draws = rng.fork(String(i));
      const from = drawUniform(everything, draws.fork('from'));
      const to = explore(everything, from, i % 2 === 0 ? 0.25 : 0, draws);

      expect(validateParams(everything, to)).toEqual([]);
      if (i % 2 === 0) continue;
      const ratio = Number(to.learningRate) / Number(from.learningRate);
      expect(
        Math.min(
          Math.abs(ratio - 1.2),
          Math.abs(ratio - 0.8),
          to.learningRate === 1e-5 || to.learningRate === 1 ? 0 : 1,
        ),
      ).toBeLessThan(1e-9);
      expect(to.batchSize === from.batchSize && from.batchSize !== 16 && from.batchSize !== 128).toBe(false);
    }
  });

  it('keeps what is fixed and satisfies the constraints, by the params of the parent if nothing near does', () => {
    const [x, k] = [
      { kind: 'float', low: 0, high: 1 },
      { kind: 'int', low: 0, high: 9 },
    ];
    const from = { x: 0.1, y: 0.35 };
    const rng = createRng('legal', makeGenerator);
    for (const space of [
      parseSpace({ parameters: { x, y: x }, fixed: { y: 0.35 } }),
      parseSpace({
        parameters: { x, y: x },
        constraints: [{ kind: 'linear', coefficients: { x: 1, y: 1 }, atMost: 0.5 }],
      }),
    ]) {
      for (let i = 0; i < 100; i++) {
        const to = explore(space, from, i % 2 === 0 ? 0.25 : 0, rng.fork(String(i)));

        expect(validateParams(space, to)).toEqual([]);
        expect(to).not.toEqual(from);
      }
    }

    const lonely = parseSpace({ parameters: { k }, constraints: [{ forbid: { not: { param: 'k', in: [5] } } }] });
    expect(explore(lonely, { k: 5 }, 0, rng)).toEqual({ k: 5 });
  });

  it('ends better than the same trials left alone', () => {
    const best = (kind: string) =>
      simulateTime({
        space: line,
        sampler: { kind: 'random' },
        pruner: { kind, options: kind === 'pbt' ? options : {} },
        train: falling(20),
        workers: 8,
        trials: 8,
        seed: 'pbt',
        makeGenerator,
      }).improvements.at(-1)?.value ?? Infinity;

    expect(best('pbt')).toBeLessThan(best('none'));
  });
});
