/**
 * Softmax regression on the digits, an epoch in some tenths of a second: it saves a checkpoint when it is asked to pause, and goes
 * on from the one it is given. Each epoch is a line `trial attempt epoch` of a ledger.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLASSES, PIXELS, readDigits } from '../../../examples/digits/data.js';
import { init } from '../../../sdk/typescript/index.js';

const { LEDGER = 'ledger.txt', EPOCHS = '9', TRIALGRAPH_JOB_DIR = '.' } = process.env;
const STATE = join(TRIALGRAPH_JOB_DIR, 'state.json');
/** Longer than a verdict takes to arrive. */
const EPOCH_MS = 900;

interface State {
  readonly epoch: number;
  /** [64, 10], row-major. */
  readonly weights: number[];
}

const trial = await init({ params: { learning_rate: 0.1 } });
const digits = readDigits();
let state: State = { epoch: 0, weights: Array(PIXELS * CLASSES).fill(0) };
if (await trial.loadCheckpoint(STATE)) state = JSON.parse(readFileSync(STATE, 'utf8')) as State;

while (state.epoch < Number(EPOCHS)) {
  const epoch = state.epoch + 1;
  const loss = descend(state.weights, Number(trial.params.learning_rate));
  state = { epoch, weights: state.weights };
  appendFileSync(LEDGER, `${trial.number} ${trial.attempt} ${epoch}\n`);
  trial.log({ loss }, { step: epoch });
  await sleep(EPOCH_MS);
  if (!trial.shouldStop) continue;
  if (trial.shouldPause) {
    writeFileSync(STATE, JSON.stringify(state));
    await trial.saveCheckpoint(STATE);
  }
  break;
}
await trial.finish();

/** One step of gradient descent on the mean cross-entropy of all images, which is returned. */
function descend(weights: number[], rate: number): number {
  const gradient = new Float64Array(weights.length);
  let loss = 0;
  for (let row = 0; row < digits.size; row++) {
    const image = digits.images.subarray(row * PIXELS, (row + 1) * PIXELS);
    const label = digits.labels[row] ?? 0;
    const scores = Array.from({ length: CLASSES }, (_, c) =>
      image.reduce((sum, pixel, i) => sum + pixel * (weights[i * CLASSES + c] ?? 0), 0),
    );
    const shares = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const total = shares.reduce((sum, share) => sum + share, 0);
    loss -= Math.log((shares[label] ?? 0) / total) / digits.size;
    for (let c = 0; c < CLASSES; c++) {
      const error = ((shares[c] ?? 0) / total - (c === label ? 1 : 0)) / digits.size;
      for (let i = 0; i < PIXELS; i++)
        gradient[i * CLASSES + c] = (gradient[i * CLASSES + c] ?? 0) + error * (image[i] ?? 0);
    }
  }
  for (let k = 0; k < weights.length; k++) weights[k] = (weights[k] ?? 0) - rate * (gradient[k] ?? 0);
  return loss;
}
