import { setImmediate } from 'node:timers/promises';
import seedrandom from 'seedrandom';
import type { Digits } from './data.js';
import { createNetwork, emptyNetwork, evaluate, lossAndGradient, type Network } from './network.js';
import { addScaled } from './vectors.js';

// The training loop: shuffled mini-batches, stochastic gradient descent with momentum.
// Reports through a callback, never to a server.

const MOMENTUM = 0.9;

/** What a search may vary; the ranges that make sense are in `search.yaml`. */
export interface Hyperparameters {
  readonly learningRate: number;
  readonly hiddenUnits: number;
  readonly batchSize: number;
  readonly weightDecay: number;
  readonly dropout: number;
}

/** What is known after an epoch; losses are NaN or infinite once training has diverged. */
export interface EpochResult {
  /** From 1: the number of passes over the training set so far. */
  readonly epoch: number;
  /** Mean over the batches of the epoch, with dropout and weight decay. */
  readonly loss: number;
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
}

interface FitOptions {
  readonly train: Digits;
  readonly test: Digits;
  readonly epochs: number;
  readonly seed: number;
  /** Called after every epoch; answering `'stop'` ends the training. */
  readonly onEpoch: (result: EpochResult) => 'continue' | 'stop';
}

/** Returns the trained network; the same seed and hyperparameters give the same one, bit for bit, on one machine. */
export async function fit(hyperparameters: Hyperparameters, options: FitOptions): Promise<Network> {
  const { learningRate, hiddenUnits, batchSize } = hyperparameters;
  const { train, test, epochs, seed, onEpoch } = options;
  const random = seedrandom.alea(String(seed));
  const network = createNetwork(hiddenUnits, random);
  const gradient = emptyNetwork(hiddenUnits);
  const velocity = new Float64Array(network.parameters.length);
  const rows = Uint32Array.from({ length: train.size }, (_, row) => row);

  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle(rows, random);
    let loss = 0;
    for (let start = 0; start < rows.length; start += batchSize) {
      const batch = rows.subarray(start, start + batchSize);
      const batchLoss = lossAndGradient(network, gradient, train, batch, { ...hyperparameters, random });
      loss += (batchLoss * batch.length) / rows.length;
      descend(network.parameters, velocity, gradient.parameters, learningRate);
      await setImmediate(); // lets the SDK send what was logged, and hear that it should stop
    }
    const onTrain = evaluate(network, train);
    const onTest = evaluate(network, test);
    const verdict = onEpoch({
      epoch,
      loss,
      trainAccuracy: onTrain.accuracy,
      testAccuracy: onTest.accuracy,
      testLoss: onTest.loss,
    });
    if (verdict === 'stop') break;
  }
  return network;
}

/** @source Polyak 1964; the form of Sutskever et al. 2013, ICML, equations 1 and 2 */
function descend(parameters: Float64Array, velocity: Float64Array, gradient: Float64Array, learningRate: number): void {
  for (let k = 0; k < velocity.length; k++) velocity[k] = MOMENTUM * (velocity[k] as number);
  addScaled([velocity, 0], -learningRate, [gradient, 0], velocity.length);
  addScaled([parameters, 0], 1, [velocity, 0], velocity.length);
}

/** @source Fisher and Yates, as Durstenfeld 1964, CACM 7, algorithm 235 */
function shuffle(rows: Uint32Array, random: () => number): void {
  for (let last = rows.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = rows[last] as number;
    rows[last] = rows[other] as number;
    rows[other] = kept;
  }
}
