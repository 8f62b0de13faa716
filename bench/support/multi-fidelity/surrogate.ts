/** The lcbench surrogate of YAHPO Gym: a residual network with gated layers, evaluated in float64 from its float32 weights. */

import { readFileSync } from 'node:fs';
import { readWeights, type Tensor } from './onnx.js';

const FILE = new URL('../../data/lcbench/model.onnx', import.meta.url);
const EMBEDDING = 24;
const WIDTH = 128;
const GATED = 455;
const LAYERS = 3;
const BATCH_NORM_EPSILON = 9.999999747378752e-6;

/** Per input: whether its ln enters, what is subtracted, what it is divided by. Read off the graph, as float32. */
const INPUTS: readonly (readonly [boolean, number, number])[] = [
  [true, 0, 3.9512436],
  [false, 16, 495],
  [true, -9.2093115, 6.896975],
  [false, 0.10000386, 0.88225144],
  [true, -9.916456, 7.613846],
  [false, 1, 3],
  [false, 64, 960],
  [false, 0.00053575, 0.99941206],
];
/** Per output: whether it is an exponential, the scale of the sigmoid and what is added. */
const OUTPUTS: readonly (readonly [boolean, number, number])[] = [
  [false, 46790.668, 0.0001421],
  [true, 32.23385, -27.631021],
  [false, 34.48018, 0.01819902],
  [true, 27.624672, -27.630814],
  [false, 5.5484247, 0.3263174],
  [true, 27.626204, -27.631021],
];

/** Raw units; order: epoch, batch size, learning rate, momentum, weight decay, layers, units, dropout. */
export type Inputs = readonly number[];

/** Of one configuration after an epoch. */
export interface Prediction {
  /** Cumulative. */
  readonly seconds: number;
  /** In percent, as the other accuracies. */
  readonly validationAccuracy: number;
  readonly validationCrossEntropy: number;
  readonly validationBalancedAccuracy: number;
  readonly testCrossEntropy: number;
  readonly testBalancedAccuracy: number;
}

interface GatedLayer {
  /** Linear after batch normalisation, folded into one. [2 GATED, WIDTH] and [2 GATED] */
  readonly inward: Float64Array;
  readonly inwardBias: Float64Array;
  /** Transposed, so that closed gates are skipped. [GATED, WIDTH] and [WIDTH] */
  readonly outward: Float64Array;
  readonly outwardBias: Float64Array;
}

/** Evaluates a task's code of tasks.json at inputs. */
export type Surrogate = (task: number, inputs: Inputs) => Prediction;

/** Reads the weights once; half a million multiplications an evaluation. */
export function loadSurrogate(): Surrogate {
  const weights = readWeights(readFileSync(FILE));
  const get = (name: string): Float64Array => {
    const tensor: Tensor | undefined = weights.get(name);
    if (tensor === undefined) throw new Error(`the model has no ${name}`);
    return Float64Array.from(tensor.values);
  };
  const embedding = get('embds_fct.0.weight'); // [36, EMBEDDING]
  const first = { weight: get('first_layer.weight'), bias: get('first_layer.bias') }; // [WIDTH, EMBEDDING + 8]
  const layers = Array.from({ length: LAYERS }, (_, i) => gatedLayer(`layers.${i}`, get));
  const [lastScale, lastShift] = normalisation('last_normalization', get);
  const head = { weight: get('head.weight'), bias: get('head.bias') }; // [6, WIDTH]

  const input = new Float64Array(EMBEDDING + INPUTS.length);
  const state = new Float64Array(WIDTH);
  return (task, inputs) => {
    input.set(embedding.subarray(task * EMBEDDING, (task + 1) * EMBEDDING));
    INPUTS.forEach(([isLog, shift, scale], i) => {
      const x = Math.fround(inputs[i] ?? Number.NaN);
      input[EMBEDDING + i] = ((isLog ? Math.log(x + 1e-12) : x) - Math.fround(shift)) / Math.fround(scale);
    });
    for (let i = 0; i < WIDTH; i++) state[i] = dot(first.weight, i, input) + (first.bias[i] ?? 0);
    for (const layer of layers) addGated(layer, state);

    const last = state.map((x, i) => Math.max(0, x * (lastScale[i] ?? 0) + (lastShift[i] ?? 0)));
    const outputs = OUTPUTS.map(([isExponential, scale, shift], i) => {
      const share = 1 / (1 + Math.exp(-dot(head.weight, i, last) - (head.bias[i] ?? 0)));
      const value = share * Math.fround(scale) + Math.fround(shift);
      return isExponential ? Math.exp(value) - 1e-12 : value;
    });
    const [seconds = 0, accuracy = 0, entropy = 0, balanced = 0, testEntropy = 0, testBalanced = 0] = outputs;
    return {
      seconds,
      validationAccuracy: accuracy,
      validationCrossEntropy: entropy,
      validationBalancedAccuracy: balanced,
      testCrossEntropy: testEntropy,
      testBalancedAccuracy: testBalanced,
    };
  };
}

/** state += outward (values * relu(gates)), both from inward state. */
function addGated({ inward, inwardBias, outward, outwardBias }: GatedLayer, state: Float64Array): void {
  const before = state.slice();
  for (let j = 0; j < WIDTH; j++) state[j] = (state[j] ?? 0) + (outwardBias[j] ?? 0);
  for (let i = 0; i < GATED; i++) {
    const gate = dot(inward, GATED + i, before) + (inwardBias[GATED + i] ?? 0);
    if (gate <= 0) continue;
    const open = gate * (dot(inward, i, before) + (inwardBias[i] ?? 0));
    const row = i * WIDTH;
    for (let j = 0; j < WIDTH; j++) state[j] = (state[j] ?? 0) + open * (outward[row + j] ?? 0);
  }
}

function gatedLayer(name: string, get: (name: string) => Float64Array): GatedLayer {
  const [scale, shift] = normalisation(`${name}.norm`, get);
  const [inward, bias] = [get(`${name}.linear0.weight`), get(`${name}.linear0.bias`)];
  const inwardBias = bias.map((b, i) => b + dot(inward, i, shift));
  const second = get(`${name}.linear1.weight`); // [WIDTH, GATED]
  const outward = new Float64Array(GATED * WIDTH);
  for (let j = 0; j < WIDTH; j++) for (let i = 0; i < GATED; i++) outward[i * WIDTH + j] = second[j * GATED + i] ?? 0;
  return {
    inward: inward.map((weight, k) => weight * (scale[k % WIDTH] ?? 0)),
    inwardBias,
    outward,
    outwardBias: get(`${name}.linear1.bias`),
  };
}

/** Batch normalisation as a scale and a shift. [WIDTH] each */
function normalisation(name: string, get: (name: string) => Float64Array): readonly [Float64Array, Float64Array] {
  const [weight, bias] = [get(`${name}.weight`), get(`${name}.bias`)];
  const [mean, variance] = [get(`${name}.running_mean`), get(`${name}.running_var`)];
  const scale = weight.map((w, i) => w / Math.sqrt((variance[i] ?? 0) + BATCH_NORM_EPSILON));
  return [scale, bias.map((b, i) => b - (mean[i] ?? 0) * (scale[i] ?? 0))];
}

/** Row `row` of a matrix with as many columns as the vector is long, times the vector; four sums, for speed. */
function dot(matrix: Float64Array, row: number, vector: Float64Array): number {
  const n = vector.length;
  const from = row * n;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let j = 0; j < n; j += 4) {
    a += (matrix[from + j] ?? 0) * (vector[j] ?? 0);
    b += (matrix[from + j + 1] ?? 0) * (vector[j + 1] ?? 0);
    c += (matrix[from + j + 2] ?? 0) * (vector[j + 2] ?? 0);
    d += (matrix[from + j + 3] ?? 0) * (vector[j + 3] ?? 0);
  }
  return a + b + (c + d);
}
