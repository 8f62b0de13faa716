/** Searches that tests run: real training on the digits, small enough to end soon. */
import { join } from 'node:path';
import type { ExperimentOptions } from '../../sdk/typescript/node-client.js';
import { space } from '../../sdk/typescript/space.js';
import { ROOT } from './platform.js';

export interface LedgerSearch {
  readonly name: string;
  readonly trials: number;
  readonly parallel: number;
  readonly epochs: number;
  readonly ledgerDirectory: string;
}

/** A search whose trials keep a ledger of what they log. */
export function ledgerSearch({ name, trials, parallel, epochs, ledgerDirectory }: LedgerSearch): ExperimentOptions {
  return {
    project: 'tests',
    name,
    command: ['node', '--import', '@oxc-node/core/register', join(ROOT, 'test/support/programs/train-with-ledger.ts')],
    workingDirectory: ROOT,
    environment: { LEDGER_DIR: ledgerDirectory, EPOCHS: String(epochs) },
    objective: { metric: 'test/accuracy', goal: 'maximize' },
    space: {
      learning_rate: space.float(0.01, 0.2, { log: true }),
      hidden_units: space.int(48, 128),
      batch_size: space.choice([16, 32, 64]),
    },
    sampler: 'random',
    budget: { maxTrials: trials, maxParallel: parallel },
    seed: name,
  };
}
