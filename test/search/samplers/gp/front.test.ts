import { describe, expect, it } from 'vitest';
import { hypervolumeByTrial, paretoFront } from '../../../../src/search/analysis/pareto.js';
import type { History, HistoryTrial } from '../../../../src/search/history.js';
import { exclusive } from '../../../../src/search/math/hypervolume.js';
import { logHypervolumeImprovementOf } from '../../../../src/search/math/log-hypervolume-improvement.js';
import { nonDominatedBoxes } from '../../../../src/search/math/non-dominated-boxes.js';
import { inverseLowerMass } from '../../../../src/search/math/normal.js';
import { createRng } from '../../../../src/search/math/rng.js';
import { sobolPoint } from '../../../../src/search/math/sobol.js';
import type { Acquisition } from '../../../../src/search/samplers/gp/acquisition.js';
import { pendingValues } from '../../../../src/search/samplers/gp/belief.js';
import { evidenceOf } from '../../../../src/search/samplers/gp/evidence.js';
import { featuresOf } from '../../../../src/search/samplers/gp/features.js';
import { type FrontWorld, frontAcquisition } from '../../../../src/search/samplers/gp/front-acquisition.js';
import { frontModelsOf } from '../../../../src/search/samplers/gp/front-models.js';
import { gp } from '../../../../src/search/samplers/gp/gp.js';
import { predict } from '../../../../src/search/samplers/gp/predict.js';
import { createSurrogate, type Surrogate } from '../../../../src/search/samplers/gp/surrogate.js';
import { type Objective, simulate } from '../../../../src/search/simulate.js';
import type { Params } from '../../../../src/search/space/parameter.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { historyOf, makeGenerator, trial } from '../../support.js';

const TWO = ['minimize', 'minimize'] as const;
const unit = { kind: 'float', low: 0, high: 1 };
const cube = parseSpace({ x: unit, y: unit, z: unit });
const line = parseSpace({ x: unit });

/** ZDT1 in three dimensions: the front is f2 = 1 - sqrt(f1) at y = z = 0. */
function zdt1({ x, y, z }: Params): readonly number[] {
  const g = 1 + (9 * (Number(y) + Number(z))) / 2;
  return [Number(x), g * (1 - Math.sqrt(Number(x) / g))];
}

/** A sphere's eighth in three objectives, best where z is 1/2. */
function dtlz2({ x, y, z }: Params): readonly number[] {
  const g = 1 + (Number(z) - 0.5) ** 2;
  const [a, b] = [(Number(x) * Math.PI) / 2, (Number(y) * Math.PI) / 2];
  return [g * Math.cos(a) * Math.cos(b), g * Math.cos(a) * Math.sin(b), g * Math.sin(a)];
}

function run(objective: (params: Params) => readonly number[], rest: Partial<Parameters<typeof simulate>[0]>): History {
  const values: Objective = (params) => ({ values: objective(params) });
  const base = { space: cube, directions: TWO, sampler: { kind: 'gp' }, objective: values, trials: 30 };
  return simulate({ ...base, seed: 'front', makeGenerator, ...rest });
}

function volumeOf(history: History, reference: readonly number[]): number {
  return hypervolumeByTrial(history, reference).volumes.at(-1) ?? 0;
}

describe('front acquisition', () => {
  /** Two numeric columns; two models of the same four rows, with two more that are pending. */
  const rows = Float64Array.of(0.1, 0.2, 0.5, 0.9, 0.8, 0.3, 0.35, 0.6, 0.6, 0.6, 0.2, 0.8);
  const surrogateOf = (values: readonly number[], weights: readonly number[], count: number) =>
    createSurrogate(
      { rows: rows.slice(0, 2 * count), count, width: 2, numeric: 2 },
      Float64Array.from(values),
      Float64Array.of(1, 1, 1, 1, 0, 0).slice(0, count),
      { weights: Float64Array.from(weights), signal: 1.2, noise: 0.02 },
      `${values}`,
    ) as Surrogate;
  const modelsOf = (count: number) => [
    surrogateOf([0.3, -1.1, 0.9, -0.1], [4, 1.5], count),
    surrogateOf([-0.4, 0.8, -1, 0.2], [2, 3], count),
  ];
  const front = [
    [-1.1, 0.8],
    [-0.1, 0.2],
    [0.3, -0.4],
    [0.9, -1],
  ];
  const reference = [1.2, 1.1];
  const improvementOf = (more: readonly (readonly number[])[]) =>
    logHypervolumeImprovementOf(nonDominatedBoxes([...front, ...more], reference));
  const certain: FrontWorld = { draws: [new Float64Array(0), new Float64Array(0)], improvement: improvementOf([]) };
  const row = Float64Array.of(0.4, 0.5);

  it('is the expected growth by the prediction of each model', () => {
    const models = modelsOf(4);
    const moments = models.map((model) => predict(model, row));
    let sum = 0;
    for (let i = 0; i < 2 ** 14; i++) {
      const vector = moments.map(
        ({ mean, deviation }, o) => mean + deviation * inverseLowerMass(sobolPoint(i, o, 5) || 1e-10),
      );
      sum += exclusive(vector, front, reference) / 2 ** 14;
    }

    const [score] = frontAcquisition(models, [0, 0], [certain], 2).scores(row, 1);

    expect(Math.exp(score!) / sum).toBeCloseTo(1, 2);
  });

  it('has the slopes that differences have, and the same value alone as among many', () => {
    const models = modelsOf(6);
    const draws = [
      [Float64Array.of(0.3, -1), Float64Array.of(0.2, 0.4)],
      [Float64Array.of(-1.2, 0.4), Float64Array.of(0.7, -0.5)],
    ];
    const worlds = draws.map((own): FrontWorld => {
      const values = models.map((model, o) => pendingValues(model, own[o]!));
      return { draws: own, improvement: improvementOf([0, 1].map((j) => values.map((column) => column[j]!))) };
    });
    const acquisition = frontAcquisition(models, [0.1, 0], worlds, 2);
    const slopes = new Float64Array(2);
    const at = (shift: number, j: number) =>
      scoreAt(
        acquisition,
        row.map((x, k) => x + (k === j ? shift : 0)),
      );

    const value = acquisition.scoreWithSlopes(row, slopes);
    const many = acquisition.scores(
      Float64Array.from({ length: 300 }, (_, i) => row[i % 2]!),
      150,
    );

    expect(new Set(many)).toEqual(new Set([value]));
    for (const j of [0, 1]) expect(slopes[j]).toBeCloseTo((at(1e-5, j) - at(-1e-5, j)) / 2e-5, 5);
  });
});

describe('gp of several objectives', () => {
  it('covers more of the front of two in 30 trials than breeding does in 150', () => {
    const reference = [1.1, 1.1];
    const bred = volumeOf(
      run(zdt1, { sampler: { kind: 'nsga2', options: { population: 20 } }, trials: 150 }),
      reference,
    );
    const history = run(zdt1, {});

    expect(volumeOf(history, reference)).toBeGreaterThan(bred);
    // All there is: 1.21 less the third below the front.
    expect(volumeOf(history, reference)).toBeGreaterThan(0.85 * (1.21 - 1 / 3));
    expect(paretoFront(history).length).toBeGreaterThan(8);
  });

  it('covers the front of three, whatever their directions', () => {
    const flipped = run((params) => dtlz2(params).map((value, o) => (o === 1 ? -value : value)), {
      directions: ['minimize', 'maximize', 'minimize'],
      trials: 40,
    });
    const random = run(dtlz2, { directions: [...TWO, 'minimize'], sampler: { kind: 'random' }, trials: 40 });
    const reference = [1.1, 1.1, 1.1];

    const volume = volumeOf(flipped, [1.1, -1.1, 1.1]);
    // All there is: 1.331 less an eighth of a ball.
    expect(volume).toBeGreaterThan(0.75 * (1.331 - Math.PI / 6));
    expect(volume).toBeGreaterThan(1.1 * volumeOf(random, reference));
  });

  it('looks at some of more than three, and serves them', () => {
    const four = ['minimize', 'minimize', 'minimize', 'minimize'] as const;
    const history = run((params) => [...dtlz2(params), Number(params.z)], { directions: four, trials: 16 });

    expect(history.trials.length).toBe(16);
    expect(paretoFront(history).length).toBeGreaterThan(4);
  });

  it('keeps to constraints that are only known afterwards', () => {
    const trials: HistoryTrial[] = [];
    for (let i = 0; i < 30; i++) {
      const history = historyOf(cube, trials, { directions: TWO });
      const [proposal] = gp.create({}).suggest(history, 1, createRng('seed', makeGenerator));
      const params = proposal?.params ?? {};
      // The left half of the front is out of reach.
      trials.push(
        trial(i, params, { values: zdt1(params), constraints: [0.5 - Number(params.x)], endedAt: 2 * i + 2 }),
      );
    }

    const broken = trials.slice(15).filter(({ params }) => Number(params.x) < 0.45).length;
    expect(broken).toBeLessThan(4);
    expect(paretoFront(historyOf(cube, trials, { directions: TWO })).length).toBeGreaterThan(5);
  });

  it('proposes different points in a batch', () => {
    const history = run(zdt1, { trials: 12 });
    const proposals = gp.create({}).suggest(history, 5, createRng('seed', makeGenerator));
    const points = proposals.map(({ params }) => Object.values(params).map(Number));

    for (const [i, a] of points.entries()) {
      for (const b of points.slice(0, i)) {
        expect(Math.hypot(...a.map((u, j) => u - b[j]!))).toBeGreaterThan(0.01);
      }
    }
  });

  it('models all objectives at the points of those that ended, and says what it is after', () => {
    const trials = [
      ...Array.from({ length: 12 }, (_, i) =>
        trial(i, { x: i / 11 }, { values: [(i / 11) ** 2, (i / 11 - 1) ** 2], endedAt: i + 1 }),
      ),
      trial(12, { x: 0.5 }, { state: 'RUNNING' }),
      trial(13, { x: 0.33 }, { state: 'PRUNED', endedAt: 14 }),
    ];
    const history = historyOf(line, trials, { directions: TWO });
    const features = featuresOf(line);
    const options = { warps: ['identity'], isDeterministic: false, isNoiseCounted: false } as const;
    const models = frontModelsOf(features, evidenceOf(history, features), 2, options, createRng('m', makeGenerator));

    expect(models?.objectives.map(({ surrogate }) => surrogate.factor.size)).toEqual([14, 14]);
    expect(models?.front.length).toBeGreaterThan(9);
    // Its ends first.
    const ends = models?.points.slice(0, 2).map(([x = 0]) => Math.round(x)) ?? [];
    expect(ends.sort()).toEqual([0, 1]);

    const [proposal] = gp.create({}).suggest(history, 1, createRng('seed', makeGenerator));
    expect(['EXPLORE', 'EXPLOIT']).toContain(proposal?.explanation.phase);
    expect(Number.isFinite(proposal?.explanation.acquisition)).toBe(true);
  });
});

function scoreAt(acquisition: Acquisition, row: Float64Array): number {
  return acquisition.scores(row, 1)[0] ?? Number.NaN;
}
