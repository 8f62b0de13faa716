import { describe, expect, it } from 'vitest';
import { type History, type HistoryTrial, historyAt } from '../../../src/search/history.js';
import { createRng } from '../../../src/search/math/rng.js';
import { propose } from '../../../src/search/propose.js';
import { evidenceOf } from '../../../src/search/samplers/gp/evidence.js';
import { featuresOf } from '../../../src/search/samplers/gp/features.js';
import { hasFidelities, levelsOf, placeOfLevel, withFidelity } from '../../../src/search/samplers/mfgp/fidelity.js';
import { modelsAt } from '../../../src/search/samplers/mfgp/model.js';
import { resultsOf } from '../../../src/search/samplers/mfgp/results.js';
import { detrended } from '../../../src/search/samplers/mfgp/trend.js';
import { simulate } from '../../../src/search/simulate.js';
import { simulateTime } from '../../../src/search/simulate-time.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { curve, everything, historyOf, makeGenerator } from '../support.js';
import { falling, line } from '../training.js';

const ladder = { minSteps: 1, eta: 3, maxSteps: 0 };
const paused = { state: 'WAITING', pausedAt: Float64Array.of(1) } as const;
const exploit = { kind: 'mfgp', options: { randomShare: 0 } };

function xs(history: History, count: number): readonly number[] {
  return propose({ sampler: exploit, history, count, makeGenerator }).map(({ params }) => Number(params.x));
}

describe('levels', () => {
  const cut = [curve(0, [9, 8, 7, 6], { state: 'PRUNED' }), curve(1, [9, 8], paused)];
  const whole = curve(2, Array(28).fill(5), { values: [5] });

  it('are there once a trial was stopped or paused by its reports, unless trials copy one another', () => {
    expect(hasFidelities(historyOf(line, [whole]))).toBe(false);
    expect(hasFidelities(historyOf(line, [whole, curve(3, [], { state: 'PRUNED' })]))).toBe(false);
    for (const trial of cut) expect(hasFidelities(historyOf(line, [whole, trial]))).toBe(true);
    expect(hasFidelities(historyOf(line, [...cut, curve(3, [1], { parent: 0 })]))).toBe(false);
    const foreign = curve(-1, [9, 8], { state: 'PRUNED', askedAt: -4, endedAt: -3 });
    expect(hasFidelities(historyOf(line, [foreign, whole]))).toBe(false);
  });

  it('are the rungs that anybody has reached, and the end', () => {
    expect(levelsOf(historyOf(line, cut), ladder)).toEqual([1, 3]);
    // 27 is the length of a whole trial, and so no rung.
    expect(levelsOf(historyOf(line, [...cut, whole]), ladder)).toEqual([1, 3, 9, Infinity]);
    expect(levelsOf(historyOf(line, cut), { ...ladder, minSteps: 0 })).toEqual([]);
  });

  it('begin at the rung of the earliest first report', () => {
    const sparse = curve(0, [9, 8, 7], { steps: Float64Array.of(1000, 2000, 3000), state: 'PRUNED' });
    const late = curve(1, [9], { steps: Float64Array.of(5000), state: 'PRUNED' });

    expect(levelsOf(historyOf(line, [sparse, late]), ladder)).toEqual([729, 2187]);
    expect(levelsOf(historyOf(line, [sparse, late, ...cut]), ladder)).toEqual([1, 3, 9, 27, 81, 243, 729, 2187]);
  });

  it('stand below 0 in a column of their own, the highest at 0', () => {
    const levels = [1, 3, 9, Infinity];
    const places = levels.map((_, level) => placeOfLevel(levels, level, 27));

    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeCloseTo(Math.log(2) / Math.log(28) - 1, 12);
    expect(places[3]).toBe(0);
    const features = withFidelity(featuresOf(everything));
    const plain = featuresOf(everything);
    expect([features.numeric, features.width]).toEqual([plain.numeric + 1, plain.width + 1]);
    const columns = features.axes.map(({ column }) => column);
    expect(columns).not.toContain(features.numeric - 1);
    expect(new Set(columns).size).toBe(columns.length);
  });

  it('have one layout a space, so that rows made before are found again', () => {
    const history = historyOf(line, [{ ...whole, params: { x: 0.5 } }]);
    const [first, second] = [1, 2].map(() => evidenceOf(history, withFidelity(featuresOf(line))).known[0]?.row);

    expect(first).toBeDefined();
    expect(second).toBe(first);
  });
});

describe('results at levels', () => {
  it('become known in the order of their reports, of running trials too', () => {
    const trials = [
      curve(0, [9, 8, 7, 6], { state: 'RUNNING', params: { x: 0 } }),
      curve(1, [9, 5], { ...paused, params: { x: 0.5 } }),
      curve(2, Array(28).fill(3), { values: [2], endedAt: 77, params: { x: 1 } }),
      curve(3, [1, 1], { state: 'FAILED', cause: 'OOM', params: { x: 0.7 } }),
    ];
    const history = historyOf(line, trials);
    const found = resultsOf(history, withFidelity(featuresOf(line)), levelsOf(history, ladder), 27);

    expect(found.map(({ trial, level, value, at }) => [trial, level, value, at])).toEqual([
      [0, 0, 8, 0],
      [0, 1, 6, 0],
      [1, 0, 5, 1],
      [2, 0, 3, 2],
      [2, 1, 3, 2],
      [2, 2, 3, 2],
      [2, 3, 2, 77],
    ]);
  });

  it('have a report once, at the highest level that it has come to', () => {
    const sparse = { steps: Float64Array.of(0, 1000, 2000, 3000), state: 'PRUNED' } as const;
    const trials = [
      curve(0, [9, 8, 7, 6], { ...sparse, params: { x: 0 } }),
      curve(1, [5], { steps: Float64Array.of(1000), state: 'PRUNED', params: { x: 0.5 } }),
      // What is reported at the end is the value.
      curve(2, [3, 2], { steps: Float64Array.of(500, 9000), values: [2], endedAt: 77, params: { x: 1 } }),
    ];
    const history = historyOf(line, trials);
    const levels = levelsOf(history, ladder);
    const found = resultsOf(history, withFidelity(featuresOf(line)), levels, 9000);

    expect(found.map(({ trial, level, value }) => [trial, levels[level], value])).toEqual([
      [0, 729, 8],
      [0, 2187, 6],
      [1, 729, 5],
      [2, 243, 3],
      [2, Infinity, 2],
    ]);
  });

  it('are moved over the levels that a trial has no report at', () => {
    const trials = [
      curve(0, [9, 4], { steps: Float64Array.of(1, 30), state: 'PRUNED', params: { x: 0 } }),
      curve(1, [20], { steps: Float64Array.of(1), state: 'PRUNED', params: { x: 1 } }),
    ];
    const history = historyOf(line, trials);
    const levels = levelsOf(history, ladder);
    const results = resultsOf(history, withFidelity(featuresOf(line)), levels, Infinity);

    expect(detrended(results, levels.length).map(({ value }) => value)).toEqual([4, 4, 15]);
  });

  it('are moved to the highest level by what trials gain on the way, whoever went on', () => {
    const trials = [
      curve(0, [0, 10, 9, 4], { state: 'PRUNED', params: { x: 0 } }),
      curve(1, [0, 20], { state: 'PRUNED', params: { x: 0.5 } }),
      curve(2, [0, Number.NaN], { state: 'PRUNED', params: { x: 1 } }),
    ];
    const history = historyOf(line, trials);
    const results = resultsOf(history, withFidelity(featuresOf(line)), levelsOf(history, ladder), Infinity);

    expect(detrended(results, 2).map(({ value }) => value)).toEqual([4, 4, 14, 14]);
  });
});

describe('what must be beaten', () => {
  it('is known to be feasible, once any trial has told constraints', () => {
    const trials = [
      ...[0.1, 0.2, 0.3, 0.4].map((x, i) =>
        curve(i, [9, 5 + x], { values: [5 + x], endedAt: i, params: { x }, constraints: [x - 0.25] }),
      ),
      curve(4, [9, 1], { ...paused, params: { x: 0.7 } }),
      curve(5, [9, 0], { state: 'PRUNED', endedAt: 9, params: { x: 0.8 } }),
      curve(6, [9, 0], { state: 'RUNNING', params: { x: 0.9 } }),
    ];
    const grounds = (known: readonly HistoryTrial[]) => {
      const history = historyOf(line, known);
      const features = withFidelity(featuresOf(line));
      const levels = levelsOf(history, { ...ladder, maxSteps: 9 });
      const evidence = evidenceOf(history, features);
      return modelsAt(
        features,
        resultsOf(history, features, levels, 9),
        levels.length,
        evidence,
        createRng('seed', makeGenerator),
      );
    };
    const points = (known: readonly HistoryTrial[]) =>
      grounds(known)
        .leaders.map(([x]) => x)
        .sort();

    expect(points(trials)).toEqual([0.1, 0.2]);
    expect(points(trials.map(({ constraints: _, ...trial }) => trial))).toEqual([0.1, 0.2, 0.3, 0.4, 0.7, 0.8, 0.9]);
  });
});

describe('mfgp', () => {
  it('is gp, to the bit, while every trial runs to its end', () => {
    const run = (kind: string) =>
      simulate({
        space: everything,
        sampler: { kind },
        objective: ({ layers, dropout }) => ({
          values: [Number(layers) + Number(dropout)],
          reports: [9, Number(layers)],
        }),
        trials: 18,
        seed: 'same',
        parallel: 3,
        makeGenerator,
      }).trials.map(({ params }) => params);

    expect(run('mfgp')).toEqual(run('gp'));
  });

  it('learns where values are low at a rung, long before any trial has completed', () => {
    const trials = Array.from({ length: 30 }, (_, i) =>
      curve(i, [1, Math.abs(((i * 0.618) % 1) - 0.3)], { params: { x: (i * 0.618) % 1 }, ...paused }),
    );
    const near = xs(historyOf(line, trials), 5).filter((x) => Math.abs(x - 0.3) < 0.15);

    expect(near.length).toBeGreaterThanOrEqual(4);
  });

  it('learns where early steps mislead', () => {
    // Good about 0.2 at step 1 and about 0.8 at the end.
    const at = (i: number) => (i * 0.618) % 1;
    const reports = (x: number) => Array.from({ length: 28 }, (_, step) => Math.abs(x - (step < 3 ? 0.2 : 0.8)));
    const trials = Array.from({ length: 40 }, (_, i): HistoryTrial => {
      const x = at(i);
      if (i % 3 === 0) return curve(i, reports(x), { params: { x }, values: [Math.abs(x - 0.8)], endedAt: 99 });
      return curve(i, reports(x).slice(0, 2), { params: { x }, state: 'PRUNED', endedAt: 99 });
    });
    const proposed = xs(historyOf(line, trials), 4);

    expect(proposed.filter((x) => Math.abs(x - 0.8) < 0.2).length).toBeGreaterThanOrEqual(3);
    expect(proposed.filter((x) => Math.abs(x - 0.2) < 0.1)).toEqual([]);
  });

  it('draws the share at random that it is told to', () => {
    const trials = Array.from({ length: 12 }, (_, i) => curve(i, [1, i], { params: { x: i / 12 }, ...paused }));
    const sampler = { kind: 'mfgp', options: { randomShare: 1 } };
    const proposals = propose({ sampler, history: historyOf(line, trials), count: 5, makeGenerator });

    expect(proposals.map(({ explanation }) => explanation.phase)).toEqual(Array(5).fill('RANDOM'));
  });

  it.each(['asha', 'asha_promote', 'forecast'])('replays with several workers under %s', (pruner) => {
    const { history } = simulateTime({
      space: line,
      sampler: exploit,
      pruner: { kind: pruner },
      train: falling(12),
      workers: 3,
      trials: 24,
      seed: 'replay',
      makeGenerator,
    });

    expect(hasFidelities(history)).toBe(true);
    for (const { askedAt, params, number } of history.trials) {
      const known = historyAt(history, askedAt);
      const proposals = propose({ sampler: exploit, history: known, count: 1, makeGenerator });
      expect(proposals, String(number)).toMatchObject([{ params }]);
    }
  });

  it('finds better ends than random search under the same scheduler', () => {
    const bowl = parseSpace(
      Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { kind: 'float', low: 0, high: 1 }])),
    );
    /** The distance of the best end from the least there is. */
    const best = (kind: string, seed: string) =>
      (simulateTime({
        space: bowl,
        sampler: { kind },
        pruner: { kind: 'asha_promote' },
        train: (params) => ({
          epochs: 27,
          valueAt: (epoch) => Object.values(params).reduce<number>((sum, x) => sum + (Number(x) - 0.7) ** 2, 1 / epoch),
          secondsOf: () => 1,
        }),
        workers: 4,
        trials: 30,
        seed,
        makeGenerator,
      }).improvements.at(-1)?.value ?? Infinity) -
      1 / 27;
    const wins = ['a', 'b'].filter((seed) => best('mfgp', seed) < 0.05 * best('random', seed));

    expect(wins.length).toBe(2);
  });

  it('stays legal and sane with every kind of parameter, failures and constraints among the trials', () => {
    const { history } = simulateTime({
      space: everything,
      sampler: { kind: 'mfgp' },
      pruner: { kind: 'asha' },
      train: ({ layers, dropout }, number) => ({
        epochs: 9,
        valueAt: (epoch) => (number % 7 === 3 ? Number.NaN : Number(layers) + Number(dropout) + 1 / epoch),
        secondsOf: () => 1,
        ...(number % 9 === 4 ? { failure: { epoch: 2, cause: 'OOM' } } : {}),
      }),
      workers: 3,
      trials: 40,
      seed: 'kinds',
      makeGenerator,
    });
    const constrained = history.trials.map((trial) => ({ ...trial, constraints: [(trial.number % 3) - 1] }));

    expect(new Set(history.trials.map(({ state }) => state))).toEqual(new Set(['COMPLETED', 'PRUNED', 'FAILED']));
    const known = { ...history, trials: constrained };
    expect(propose({ sampler: exploit, history: known, count: 3, makeGenerator }).length).toBe(3);
  });
});
