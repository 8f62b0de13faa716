import type { Digits } from './data.js';
import { CLASSES, PIXELS } from './data.js';
import { addScaled, dot } from './vectors.js';

// A multilayer perceptron with one hidden layer: ReLU, inverted dropout, softmax cross-entropy, L2.
// Knows nothing of training loops.

/** All parameters in one vector of length 64 h + h + 10 h + 10, and the four matrices as views of it. */
export interface Network {
  readonly hiddenUnits: number; // h
  readonly parameters: Float64Array;
  readonly w1: Float64Array; // [64, h]
  readonly b1: Float64Array; // [h]
  readonly w2: Float64Array; // [h, 10]
  readonly b2: Float64Array; // [10]
}

interface Regularisation {
  /** Coefficient of half the squared weights, biases excepted; at least 0. */
  readonly weightDecay: number;
  /** Share of hidden units silenced; 0 up to, not including, 1. */
  readonly dropout: number;
  /** Uniform in 0..1; drawn once per hidden unit and row when `dropout` is above 0. */
  readonly random: () => number;
}

/** Returns a network with all parameters zero; also the shape of a gradient. */
export function emptyNetwork(hiddenUnits: number): Network {
  const ends = [PIXELS * hiddenUnits, (PIXELS + 1) * hiddenUnits, (PIXELS + 1 + CLASSES) * hiddenUnits] as const;
  const parameters = new Float64Array(ends[2] + CLASSES);
  return {
    hiddenUnits,
    parameters,
    w1: parameters.subarray(0, ends[0]),
    b1: parameters.subarray(ends[0], ends[1]),
    w2: parameters.subarray(ends[1], ends[2]),
    b2: parameters.subarray(ends[2]),
  };
}

/**
 * Returns a network with normal weights of variance 2 / inputs, and zero biases.
 * @source He et al. 2015, arXiv:1502.01852, equation 10
 */
export function createNetwork(hiddenUnits: number, random: () => number): Network {
  const network = emptyNetwork(hiddenUnits);
  fillNormal(network.w1, Math.sqrt(2 / PIXELS), random);
  fillNormal(network.w2, Math.sqrt(2 / hiddenUnits), random);
  return network;
}

/**
 * Returns the mean loss over the rows (cross-entropy + ½ weightDecay |W|²) and overwrites `gradient` with its gradient.
 * @source dropout: Srivastava et al. 2014, JMLR 15, section 10 (the inverted form)
 */
export function lossAndGradient(
  network: Network,
  gradient: Network,
  digits: Digits,
  rows: Uint32Array,
  { weightDecay, dropout, random }: Regularisation,
): number {
  const h = network.hiddenUnits;
  const hidden = new Float64Array(h);
  const errors = new Float64Array(CLASSES); // d loss / d scores
  const share = 1 / rows.length;
  let loss = 0;
  gradient.parameters.fill(0);

  for (const row of rows) {
    hiddenLayer(network, digits, row, hidden);
    if (dropout > 0) silence(hidden, dropout, random);
    outputLayer(network, hidden, errors);
    loss += share * crossEntropy(errors, digits.labels[row] as number);
    addScaled([gradient.b2, 0], share, [errors, 0], CLASSES);
    for (let j = 0; j < h; j++) {
      const unit = hidden[j] as number;
      if (unit === 0) continue; // below zero or dropped: no gradient passes
      addScaled([gradient.w2, j * CLASSES], share * unit, [errors, 0], CLASSES);
      hidden[j] = dot([network.w2, j * CLASSES], [errors, 0], CLASSES) / (1 - dropout); // now the unit's error
    }
    addScaled([gradient.b1, 0], share, [hidden, 0], h);
    for (let i = 0; i < PIXELS; i++) {
      const pixel = digits.images[row * PIXELS + i] as number;
      addScaled([gradient.w1, i * h], share * pixel, [hidden, 0], h);
    }
  }
  return loss + decay(network.w1, gradient.w1, weightDecay) + decay(network.w2, gradient.w2, weightDecay);
}

/** Returns the mean cross-entropy and the share of right answers over a whole set, without dropout. */
export function evaluate(network: Network, digits: Digits): { loss: number; accuracy: number } {
  const hidden = new Float64Array(network.hiddenUnits);
  const scores = new Float64Array(CLASSES);
  let loss = 0;
  let right = 0;
  for (let row = 0; row < digits.size; row++) {
    const label = digits.labels[row] as number;
    hiddenLayer(network, digits, row, hidden);
    outputLayer(network, hidden, scores);
    if (scores.indexOf(Math.max(...scores)) === label) right++;
    loss += crossEntropy(scores, label);
  }
  return { loss: loss / digits.size, accuracy: right / digits.size };
}

/** hidden = max(0, x w1 + b1) */
function hiddenLayer({ hiddenUnits: h, w1, b1 }: Network, digits: Digits, row: number, hidden: Float64Array): void {
  hidden.set(b1);
  for (let i = 0; i < PIXELS; i++) {
    addScaled([hidden, 0], digits.images[row * PIXELS + i] as number, [w1, i * h], h);
  }
  for (let j = 0; j < h; j++) if ((hidden[j] as number) < 0) hidden[j] = 0;
}

/** Drops units at random and scales the others up, so that the expected sum stays what it is without dropout. */
function silence(hidden: Float64Array, dropout: number, random: () => number): void {
  for (let j = 0; j < hidden.length; j++) hidden[j] = random() < dropout ? 0 : (hidden[j] as number) / (1 - dropout);
}

/** scores = hidden w2 + b2 */
function outputLayer({ hiddenUnits: h, w2, b2 }: Network, hidden: Float64Array, scores: Float64Array): void {
  scores.set(b2);
  for (let j = 0; j < h; j++) addScaled([scores, 0], hidden[j] as number, [w2, j * CLASSES], CLASSES);
}

/** Returns -ln softmax(scores)[label] and turns `scores` into its gradient, softmax(scores) less one at the label. */
function crossEntropy(scores: Float64Array, label: number): number {
  const largest = Math.max(...scores);
  const margin = (scores[label] as number) - largest;
  let sum = 0;
  for (let c = 0; c < CLASSES; c++) sum += scores[c] = Math.exp((scores[c] as number) - largest);
  for (let c = 0; c < CLASSES; c++) scores[c] = (scores[c] as number) / sum - (c === label ? 1 : 0);
  return Math.log(sum) - margin;
}

/** Returns ½ weightDecay |W|² and adds its gradient. */
function decay(weights: Float64Array, gradient: Float64Array, weightDecay: number): number {
  addScaled([gradient, 0], weightDecay, [weights, 0], weights.length);
  return 0.5 * weightDecay * dot([weights, 0], [weights, 0], weights.length);
}

/** @source Box and Muller 1958, the cosine half */
function fillNormal(values: Float64Array, deviation: number, random: () => number): void {
  for (let k = 0; k < values.length; k++) {
    values[k] = deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  }
}
