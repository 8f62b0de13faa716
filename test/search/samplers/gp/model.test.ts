import { describe, expect, it } from 'vitest';
import { acquisitionOf } from '../../../../src/search/samplers/gp/acquisition.js';
import {
  type Belief,
  constraintBelief,
  objectiveBelief,
  successBelief,
} from '../../../../src/search/samplers/gp/belief.js';
import type { Hyperparameters, Table } from '../../../../src/search/samplers/gp/kernel.js';
import { leaveOneOut, posteriorCost } from '../../../../src/search/samplers/gp/posterior-cost.js';
import { predict } from '../../../../src/search/samplers/gp/predict.js';
import { createSurrogate, type Surrogate } from '../../../../src/search/samplers/gp/surrogate.js';
import { makeGenerator } from '../../support.js';

/** Two numeric columns and a categorical one. */
const table: Table = {
  rows: Float64Array.of(0.1, 0.2, 0, 0.5, 0.9, 1, 0.8, 0.3, 0, 0.35, 0.6, 2),
  count: 4,
  width: 3,
  numeric: 2,
};
const values = Float64Array.of(0.3, -1.1, 0.9, -0.1);
const ones = new Float64Array(4).fill(1);
const hyperparameters: Hyperparameters = { weights: Float64Array.of(4, 1.5, 0.7), signal: 1.3, noise: 0.05 };
const row = Float64Array.of(0.4, 0.5, 1);

describe('Gaussian process', () => {
  it('predicts what numpy computes', () => {
    const { mean, deviation } = predict(surrogateOf(), row);

    expect(mean).toBeCloseTo(-0.6963515707544631, 10);
    expect(deviation).toBeCloseTo(0.6403435334796358, 10);
  });

  it('predicts each value from the others as numpy does', () => {
    const { means, variances } = leaveOneOut({ table, values, noiseShare: ones }, hyperparameters)!;

    const expectedMeans = [0.13960381233265728, 0.12335886985331701, -0.12942310907572974, -0.20141625726990714];
    const expectedVariances = [1.1229818952231259, 1.0915433059993889, 1.1515777697199228, 1.0277179258906672];
    expectedMeans.forEach((mean, i) => {
      expect(means[i]).toBeCloseTo(mean, 10);
      expect(variances[i]).toBeCloseTo(expectedVariances[i]!, 10);
    });
  });

  it('costs minus the log likelihood and the log priors, with the slopes that differences have', () => {
    const logs = Float64Array.of(Math.log(4), Math.log(1.5), Math.log(0.7), Math.log(1.3), Math.log(0.05));
    const sample = { table, values, noiseShare: Float64Array.of(1, 0.5, 4, 1) };
    const gradient = new Float64Array(5);
    const at = (shift: number, j: number) =>
      posteriorCost(
        sample,
        logs.map((log, k) => log + (k === j ? shift : 0)),
        new Float64Array(5),
      );

    posteriorCost(sample, logs, gradient);
    const plain = posteriorCost({ ...sample, noiseShare: ones }, logs, new Float64Array(5));

    const priors =
      [4, 1.5, 0.7].reduce((sum, w) => sum + 0.1 / w + 0.1 * w, 0) +
      (1.3 - Math.log(1.3)) +
      (30 * 0.05 - 0.1 * Math.log(0.05));
    expect(plain - priors).toBeCloseTo(1.403251123278531, 10);
    gradient.forEach((slope, j) => {
      expect(slope).toBeCloseTo((at(1e-5, j) - at(-1e-5, j)) / 2e-5, 6);
    });
  });

  it('has the same bits with and without the rows of an earlier factor', () => {
    const many = randomTable(40);
    const targets = Float64Array.from({ length: 40 }, makeGenerator('targets'));
    const shares = new Float64Array(40).fill(1);
    const own = { ...hyperparameters, signal: 0.77 };
    const first = { ...many, count: 17, rows: many.rows.slice(0, 17 * 3) };

    createSurrogate(first, targets.slice(0, 17), shares.slice(0, 17), own);
    const appended = predict(createSurrogate(many, targets, shares, own)!, row);
    // Another noise share in the first row leaves nothing of the factor to go on from.
    createSurrogate(
      many,
      targets,
      Float64Array.from(shares, (share, i) => share + Number(i === 0)),
      own,
    );
    const afresh = predict(createSurrogate(many, targets, shares, own)!, row);

    expect(appended).toEqual(afresh);
  });

  it('is not written over by another of the same hyperparameters', () => {
    const other = { ...table, rows: table.rows.map((x, i) => (i < 6 ? x : 1 - x)) };
    const mine = createSurrogate(table, values, ones, hyperparameters, 'mine')!;
    const before = predict(mine, row);

    createSurrogate(other, values, ones, hyperparameters, 'another');

    expect(predict(mine, row)).toEqual(before);
  });

  it('stays a model when rows repeat without noise', () => {
    const twice = { ...table, rows: Float64Array.of(...table.rows, ...table.rows), count: 8 };
    const certain = { ...hyperparameters, noise: 0 };
    const surrogate = createSurrogate(twice, Float64Array.of(...values, ...values), new Float64Array(8), certain);

    expect(predict(surrogate!, table.rows.slice(0, 3)).mean).toBeCloseTo(0.3, 3);
  });
});

describe('acquisition', () => {
  const pending = { ...table, rows: Float64Array.of(...table.rows, 0.6, 0.6, 1, 0.2, 0.8, 0), count: 6 };
  const withPending = () => createSurrogate(pending, values, new Float64Array(6).fill(1), hyperparameters) as Surrogate;
  const worlds = [Float64Array.of(0.3, -1), Float64Array.of(-1.2, 0.4), Float64Array.of(0, 0)];

  it('is the log of the expected improvement that scipy gives', () => {
    const belief = objectiveBelief(surrogateOf(), -1.1, [new Float64Array(0)], { kind: 'ei', margin: 0, noise: 0 });

    expect(acquisitionOf([belief], 3).scores(row, 1)[0]).toBeCloseTo(-2.2752216022730813, 9);
  });

  it.each<[string, () => readonly Belief[]]>([
    [
      'ei',
      () => [objectiveBelief(surrogateOf(), -1.1, [new Float64Array(0)], { kind: 'ei', margin: 0.1, noise: 0.3 })],
    ],
    ['ei over worlds', () => [objectiveBelief(withPending(), -1.1, worlds, { kind: 'ei', margin: 0, noise: 0 })]],
    ['poi over worlds', () => [objectiveBelief(withPending(), -1.1, worlds, { kind: 'poi', margin: 0, noise: 0.2 })]],
    ['ucb over worlds', () => [objectiveBelief(withPending(), -1.1, worlds, { kind: 'ucb', kappa: 2 })]],
    ['a constraint', () => [constraintBelief(withPending(), 0.2)]],
    ['success', () => [successBelief(surrogateOf(), 0.4, 0.3)]],
    ['a sum', () => [constraintBelief(surrogateOf(), 0.2), successBelief(withPending(), 0.4, 0.3)]],
  ])('of %s has the slopes that differences have, and the same value alone as among many', (_, beliefs) => {
    const acquisition = acquisitionOf(beliefs(), 3);
    const slopes = new Float64Array(3);
    const at = (shift: number, j: number) =>
      acquisition.scores(
        row.map((x, k) => x + (k === j ? shift : 0)),
        1,
      )[0]!;

    const value = acquisition.scoreWithSlopes(row, slopes);
    const many = acquisition.scores(
      Float64Array.from({ length: 150 * 3 }, (_x, i) => row[i % 3]!),
      150,
    );

    expect(new Set(many)).toEqual(new Set([value]));
    for (const j of [0, 1]) expect(slopes[j]).toBeCloseTo((at(1e-5, j) - at(-1e-5, j)) / 2e-5, 5);
  });

  it('expects less where a trial is pending', () => {
    const near = Float64Array.of(0.6, 0.6, 1);
    const without = objectiveBelief(surrogateOf(), -1.1, [new Float64Array(0)], { kind: 'ei', margin: 0, noise: 0 });
    const withIt = objectiveBelief(withPending(), -1.1, worlds, { kind: 'ei', margin: 0, noise: 0 });

    expect(acquisitionOf([withIt], 3).scores(near, 1)[0]).toBeLessThan(
      acquisitionOf([without], 3).scores(near, 1)[0]! - 1,
    );
  });
});

function surrogateOf(): Surrogate {
  return createSurrogate(table, values, ones, hyperparameters) as Surrogate;
}

function randomTable(count: number): Table {
  const draw = makeGenerator('rows');
  const rows = Float64Array.from({ length: count * 3 }, (_, i) => (i % 3 === 2 ? Math.floor(draw() * 3) : draw()));
  return { rows, count, width: 3, numeric: 2 };
}
