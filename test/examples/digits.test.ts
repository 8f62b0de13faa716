import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { CLASSES, readDigits, splitRows, takeRows } from '../../examples/digits/data.js';
import type { EpochResult } from '../../examples/digits/fit.js';
import { fit } from '../../examples/digits/fit.js';
import { DEFAULTS, readHyperparameters } from '../../examples/digits/hyperparameters.js';
import { createNetwork, emptyNetwork, evaluate, lossAndGradient } from '../../examples/digits/network.js';

const digits = readDigits();
const rows = splitRows(digits.labels, { testShare: 0.2, seed: 1 });
const train = takeRows(digits, rows.train);
const test = takeRows(digits, rows.test);
const good = { learningRate: 0.05, hiddenUnits: 64, batchSize: 32, weightDecay: 1e-5, dropout: 0 };

describe('the digits', () => {
  it('are 1,797 images of ten classes with pixels in 0..1', () => {
    expect(digits.size).toBe(1797);
    expect(digits.images.length).toBe(1797 * 64);
    expect(new Set(digits.labels).size).toBe(CLASSES);
    expect(Math.min(...digits.images.subarray(0, 6400))).toBe(0);
    expect(Math.max(...digits.images.subarray(0, 6400))).toBe(1);
  });

  it('are split into disjoint parts that together hold every row', () => {
    expect([...rows.train, ...rows.test].sort((a, b) => a - b)).toEqual([...digits.labels.keys()]);
  });

  it('hold out one row in five of every class', () => {
    const share = (label: number) => count(test.labels, label) / count(digits.labels, label);

    for (let label = 0; label < CLASSES; label++) expect(Math.abs(share(label) - 0.2)).toBeLessThan(0.004);
  });

  it('are split alike by the same seed, and otherwise by another', () => {
    expect(splitRows(digits.labels, { testShare: 0.2, seed: 1 })).toEqual(rows);
    expect(splitRows(digits.labels, { testShare: 0.2, seed: 2 }).test).not.toEqual(rows.test);
  });

  it('are copied with their labels', () => {
    const [row = 0] = rows.test;

    expect(test.labels[0]).toBe(digits.labels[row]);
    expect(test.images.subarray(0, 64)).toEqual(digits.images.subarray(row * 64, row * 64 + 64));
  });
});

describe('the network', () => {
  it.each([0, 0.4])('has the gradient that finite differences find, at dropout %d', (dropout) => {
    const step = 1e-6;
    const batch = Uint32Array.of(0, 1, 2, 3, 4);
    const network = createNetwork(12, seedrandom.alea('weights'));
    const gradient = emptyNetwork(12);
    const ignored = emptyNetwork(12);
    // A generator made anew drops the same units every time.
    const options = () => ({ weightDecay: 0.01, dropout, random: seedrandom.alea('dropout') });
    const lossWith = (k: number, change: number) => {
      const kept = network.parameters[k] ?? 0;
      network.parameters[k] = kept + change;
      const loss = lossAndGradient(network, ignored, train, batch, options());
      network.parameters[k] = kept;
      return loss;
    };

    lossAndGradient(network, gradient, train, batch, options());
    const differences = network.parameters.map((_, k) => (lossWith(k, step) - lossWith(k, -step)) / (2 * step));

    expect(distance(gradient.parameters, differences) / norm(differences)).toBeLessThan(1e-6);
  });

  it('starts with weights of variance 2 / inputs and zero biases', () => {
    const network = createNetwork(400, seedrandom.alea('weights'));

    expect(norm(network.w1) ** 2 / network.w1.length).toBeCloseTo(2 / 64, 3);
    expect(norm(network.w2) ** 2 / network.w2.length).toBeCloseTo(2 / 400, 3);
    expect(norm(network.b1) + norm(network.b2)).toBe(0);
  });

  it('evaluates to the loss of training without dropout and decay', () => {
    const network = createNetwork(32, seedrandom.alea('weights'));
    const all = Uint32Array.from(test.labels.keys());
    const options = { weightDecay: 0, dropout: 0, random: seedrandom.alea('unused') };

    const loss = lossAndGradient(network, emptyNetwork(32), test, all, options);

    expect(evaluate(network, test).loss).toBeCloseTo(loss, 10);
  });
});

describe('training', () => {
  it('reaches 95 % on the held-out digits within twelve epochs', async () => {
    const { epochs } = await run(good, 12);

    expect(Math.max(...epochs.map(({ testAccuracy }) => testAccuracy))).toBeGreaterThan(0.95);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('shows a learning rate that is far too high as bad', async () => {
    const { epochs } = await run({ ...good, learningRate: 1 }, 4);

    expect(epochs.at(-1)?.testAccuracy).toBeLessThan(0.6);
  });

  it('repeats itself bit for bit, with dropout too', async () => {
    const dropping = { ...good, hiddenUnits: 16, dropout: 0.3 };

    const [first, second] = [await run(dropping, 2), await run(dropping, 2)];

    expect(second).toEqual(first);
  });

  it('drops units while training, and none when it evaluates', async () => {
    const { network, epochs } = await run({ ...good, dropout: 0.5 }, 3);

    const again = evaluate(network, test);

    expect(again).toEqual({ loss: epochs.at(-1)?.testLoss, accuracy: epochs.at(-1)?.testAccuracy });
    expect(epochs.at(-1)?.loss).toBeGreaterThan(1.2 * evaluate(network, train).loss);
  });

  it('ends after the epoch whose report is answered with stop', async () => {
    let reports = 0;

    await fit(good, { train, test, epochs: 10, seed: 1, onEpoch: () => (++reports === 2 ? 'stop' : 'continue') });

    expect(reports).toBe(2);
  });

  it('leaves the event loop free between batches, so that the SDK can send', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);

    await run(good, 2);
    clearInterval(timer);

    expect(turns).toBeGreaterThan(2);
  });
});

describe('hyperparameters', () => {
  it('take their defaults where the trial has no value, as for an inactive dropout', () => {
    const proposed = { learning_rate: 0.2, hidden_units: 40, batch_size: 8, weight_decay: 0.001 };

    expect(readHyperparameters(proposed)).toEqual({
      learningRate: 0.2,
      hiddenUnits: 40,
      batchSize: 8,
      weightDecay: 0.001,
      dropout: DEFAULTS.dropout,
    });
  });

  it('are refused by name when they are not numbers', () => {
    expect(() => readHyperparameters({ batch_size: 'many' })).toThrow('batch_size is many');
  });
});

describe('the Python twin', async () => {
  const python = await promisify(execFile)('python3', ['--version']).catch(() => null);

  it.skipIf(python === null)('passes its own tests (skipped where there is no python3)', async () => {
    const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };

    const tests = promisify(execFile)('python3', ['test/examples/test_digits.py'], { env: environment });

    await expect(tests.then(({ stderr }) => stderr)).resolves.toMatch(/\nOK/);
  });

  it.skipIf(python === null)('splits the rows alike (skipped where there is no python3)', async () => {
    const program = 'from data import *; import json; print(json.dumps(split_rows(read_digits().labels, 0.2, 1)))';
    const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: 'examples/digits' };

    const { stdout } = await promisify(execFile)('python3', ['-c', program], { env: environment });

    expect(JSON.parse(stdout)).toEqual([rows.train, rows.test]);
  });
});

async function run(hyperparameters: typeof good, count: number) {
  const epochs: EpochResult[] = [];
  const onEpoch = (result: EpochResult) => {
    epochs.push(result);
    return 'continue' as const;
  };
  const network = await fit(hyperparameters, { train, test, epochs: count, seed: 1, onEpoch });
  return { network, epochs };
}

function count(labels: Uint8Array, label: number): number {
  return labels.filter((other) => other === label).length;
}

function norm(values: Float64Array): number {
  return Math.hypot(...values);
}

function distance(left: Float64Array, right: Float64Array): number {
  return norm(left.map((value, k) => value - (right[k] ?? 0)));
}
