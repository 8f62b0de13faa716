/**
 * Trains on the digits like the example, and writes every number to a ledger file before it logs it:
 * `attempt key step value` a line. What the server stores is held against these files.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDigits, splitRows, takeRows } from '../../../examples/digits/data.js';
import { fit } from '../../../examples/digits/fit.js';
import { DEFAULTS, readHyperparameters } from '../../../examples/digits/hyperparameters.js';
import { init } from '../../../sdk/typescript/index.js';

const ledger = join(process.env.LEDGER_DIR ?? '.', `${process.env.TRIALGRAPH_TRIAL_ID}.txt`);
const epochs = Number(process.env.EPOCHS ?? 20);

const trial = await init({ params: DEFAULTS });
const digits = readDigits();
const rows = splitRows(digits.labels, { testShare: 0.2, seed: 1 });
await fit(readHyperparameters(trial.params), {
  train: takeRows(digits, rows.train),
  test: takeRows(digits, rows.test),
  epochs,
  seed: 1,
  onEpoch: ({ epoch, loss, testAccuracy }) => {
    const metrics = { loss, 'test/accuracy': testAccuracy };
    for (const [key, value] of Object.entries(metrics))
      appendFileSync(ledger, `${trial.attempt} ${key} ${epoch} ${value}\n`);
    trial.log(metrics, { step: epoch });
    console.log(`epoch ${epoch}`);
    return trial.shouldStop ? 'stop' : 'continue';
  },
});
await trial.finish();
