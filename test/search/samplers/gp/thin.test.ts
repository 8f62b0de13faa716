import { describe, expect, it, vi } from 'vitest';
import { createRng } from '../../../../src/search/math/rng.js';
import { acquisitionOf } from '../../../../src/search/samplers/gp/acquisition.js';
import { evidenceOf } from '../../../../src/search/samplers/gp/evidence.js';
import { featuresOf } from '../../../../src/search/samplers/gp/features.js';
import { gp } from '../../../../src/search/samplers/gp/gp.js';
import { type ModelOptions, modelsOf } from '../../../../src/search/samplers/gp/models.js';
import { objectiveSample } from '../../../../src/search/samplers/gp/sample.js';
import { keptRows, thinned } from '../../../../src/search/samplers/gp/thin.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../../support.js';

// Fits to hundreds of rows take seconds, and have tests of their own: here the lengths are known.
vi.mock('../../../../src/search/samplers/gp/fit.js', () => ({
  fitAt: () => ({ warp: 'identity', hyperparameters: { weights: Float64Array.of(100, 100), signal: 1, noise: 1e-3 } }),
}));

const unit = { kind: 'float', low: 0, high: 1 };
const line = parseSpace({ x: unit });
const square = parseSpace({ x: unit, y: unit });
const weights = Float64Array.of(1);

describe('rows kept of many', () => {
  it('are the first ranked, the newest, some that cover the space, and the nearest', () => {
    const rows = Float64Array.from({ length: 1_000 }, (_, i) => (i < 990 ? 0.2 * ((i * 0.618) % 1) : (i - 980) / 20));
    // Far from the centre and neither new nor good: the tenth to nineteenth.
    rows.copyWithin(10, 990);
    rows.fill(0.1, 990);
    const table = { rows, count: 1_000, width: 1, numeric: 1 };

    const kept = thinned(table, weights, Float64Array.of(0.05), [500, 400, 300], 100);

    expect(kept.length).toBe(100);
    expect([...kept].sort((a, b) => a - b)).toEqual(kept);
    for (const i of [300, 400, 500, ...Array.from({ length: 25 }, (_, k) => 975 + k)]) expect(kept).toContain(i);
    for (let i = 10; i < 20; i++) expect(kept).toContain(i);
    const near = kept.filter((i) => Math.abs((rows[i] ?? 1) - 0.05) < 0.01).length;
    expect(near).toBeGreaterThan(30);
    expect(thinned({ ...table, count: 90 }, weights, Float64Array.of(0), [], 100).length).toBe(90);
  });

  it('are chosen once for the same table, and anew for another centre', () => {
    const draw = makeGenerator('chosen');
    const table = { rows: Float64Array.from({ length: 800 }, draw), count: 800, width: 1, numeric: 1 };
    const kept = thinned(table, weights, Float64Array.of(0.5), [3], 100);

    expect(thinned({ ...table, rows: table.rows.slice() }, weights, Float64Array.of(0.5), [3], 100)).toBe(kept);
    for (const other of [
      thinned(table, weights, Float64Array.of(0.6), [3], 100),
      thinned(table, weights, Float64Array.of(0.5), [4], 100),
      thinned(table, weights, Float64Array.of(0.5), [3], 101),
    ]) {
      expect(other).not.toEqual(kept);
    }
  });

  it('stay from one fit to the next, and what became known since is added, replicates too', () => {
    const draw = makeGenerator('rows');
    const trials = Array.from({ length: 900 }, (_, i) => trial(i, { x: draw() }, { values: [draw()], endedAt: i }));
    const features = featuresOf(line);
    const keptAfter = (more: readonly number[]) => {
      const newer = more.map((x, i) => trial(900 + i, { x }, { values: [1], endedAt: 900 + i }));
      const { known } = evidenceOf(historyOf(line, [...trials, ...newer]), features);
      return keptRows(objectiveSample(features, known)!, {
        atFit: () => objectiveSample(features, known.slice(0, 900))!,
        ranked: () => [],
        weights,
        centre: Float64Array.of(0.5),
      });
    };
    const base = keptAfter([]);
    const dropped = trials.findIndex((_, i) => !base.includes(i));

    expect(base.length).toBe(500);
    expect(keptAfter([0.123, Number(trials[dropped]?.params.x), 0.456])).toEqual([...base, dropped, 900, 901]);
  });
});

describe('gp beyond the rows that it models at once', () => {
  // Good about 0.1, where nearly all trials are; beyond 0.3 as bad as the worst of them.
  const valley = (x: number) => Math.min(1, 25 * (x - 0.1) ** 2);
  const crowd = Array.from({ length: 640 }, (_, i) => 0.3 * ((i * 0.6180339887) % 1));
  const far = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
  const proposedAfter = (xs: readonly number[], count: number) => {
    const known = [...xs];
    for (let k = 0; k < count; k++) {
      const trials = known.map((x, i) => trial(i, { x }, { values: [valley(x)], endedAt: 2 * i + 2 }));
      const [proposal] = gp.create({}).suggest(historyOf(line, trials), 1, createRng('seed', makeGenerator));
      known.push(Number(proposal?.params.x));
    }
    return known.slice(xs.length);
  };

  it('tries what is far off once, and remembers that it was bad', () => {
    const beyond = proposedAfter(crowd, 8)
      .filter((x) => x > 0.4)
      .sort((a, b) => a - b);

    expect(beyond.length).toBeGreaterThan(1);
    beyond.forEach((x, i) => {
      expect(x - (beyond[i - 1] ?? 0)).toBeGreaterThan(0.04);
    });
  });

  it('does not try again what was bad a long time ago', () => {
    expect(proposedAfter([...far, ...crowd], 3).filter((x) => x > 0.4)).toEqual([]);
  });

  it('models failures and constraints, of thousands of trials, by some hundred, the rare ones among them', () => {
    const draw = makeGenerator('thousands');
    const ends = (i: number) => {
      if (i === 10 || i === 20) return { state: 'FAILED', cause: 'OOM' } as const;
      return { values: [draw()], constraints: [i === 30 ? 1 : -0.01] };
    };
    const trials = Array.from({ length: 5_000 }, (_, i) =>
      trial(i, { x: draw(), y: draw() }, { ...ends(i), endedAt: i }),
    );
    const features = featuresOf(square);
    const { beliefs } = modelsOf(features, evidenceOf(historyOf(square, trials), features), OPTIONS, rng());

    expect(beliefs.length).toBe(3);
    for (const { surrogate } of beliefs) expect(surrogate.factor.size).toBeLessThan(520);
    const [, constraint, success] = beliefs.map((belief) => acquisitionOf([belief], 2));
    const rowAt = (i: number) => Float64Array.of(Number(trials[i]?.params.x), Number(trials[i]?.params.y));
    for (const i of [10, 20]) expect(success?.scores(rowAt(i), 1)[0]).toBeLessThan(Math.log(0.5));
    expect(constraint?.scores(rowAt(30), 1)[0]).toBeLessThan(Math.log(0.1));
    expect(success?.scores(rowAt(4_000), 1)[0]).toBeGreaterThan(Math.log(0.8));
  });

  it('holds only some of many failures against the objective', () => {
    const draw = makeGenerator('failures');
    const trials = Array.from({ length: 1_500 }, (_, i) =>
      trial(
        i,
        { x: draw(), y: draw() },
        { ...(i < 20 ? { values: [draw()] } : ({ state: 'FAILED', cause: 'OOM' } as const)), endedAt: i },
      ),
    );
    const features = featuresOf(square);
    const { objective } = modelsOf(features, evidenceOf(historyOf(square, trials), features), OPTIONS, rng());

    expect(objective?.surrogate.factor.size).toBe(20 + 150);
  });
});

const OPTIONS: ModelOptions = {
  acquisition: 'ei',
  kappa: 2,
  xi: 0,
  isNoiseCounted: false,
  warps: ['identity'],
  isDeterministic: false,
};

function rng() {
  return createRng('models', makeGenerator);
}
