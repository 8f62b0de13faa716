import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { init } from '../../sdk/typescript/index.js';
import { readDigits, splitRows, takeRows } from './data.js';
import { fit } from './fit.js';
import { DEFAULTS, readHyperparameters } from './hyperparameters.js';
import type { Network } from './network.js';

// Trains one network and reports every epoch: alone with the defaults, or under a search with the values it proposes.

const EPOCHS = 30;
const SEED = 1;
const TEST_SHARE = 0.2;

const trial = await init({ project: 'examples', experiment: 'digits', params: DEFAULTS });
const digits = readDigits();
const rows = splitRows(digits.labels, { testShare: TEST_SHARE, seed: SEED });

const network = await fit(readHyperparameters(trial.params), {
  train: takeRows(digits, rows.train),
  test: takeRows(digits, rows.test),
  epochs: EPOCHS,
  seed: SEED,
  onEpoch: ({ epoch, loss, trainAccuracy, testAccuracy, testLoss }) => {
    const metrics = { loss, 'train/accuracy': trainAccuracy, 'test/accuracy': testAccuracy, 'test/loss': testLoss };
    trial.log(metrics, { step: epoch });
    console.log(`epoch ${epoch}  loss ${loss.toFixed(4)}  test accuracy ${testAccuracy.toFixed(4)}`);
    return trial.shouldStop ? 'stop' : 'continue';
  },
});

if (!trial.shouldStop) await saveWeights(network);
await trial.finish();

async function saveWeights({ hiddenUnits, w1, b1, w2, b2 }: Network): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'digits-'));
  const path = join(folder, 'weights.json');
  const [rounded1, bias1, rounded2, bias2] = [w1, b1, w2, b2].map((values) => Array.from(values, toSevenDigits));
  await writeFile(path, JSON.stringify({ hiddenUnits, w1: rounded1, b1: bias1, w2: rounded2, b2: bias2 }));
  await trial.logArtifact(path, { name: 'weights', kind: 'model' });
  await rm(folder, { recursive: true });
}

function toSevenDigits(value: number): number {
  return Number(value.toPrecision(7));
}
