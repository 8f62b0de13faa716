/** Real training under asha_promote on a real runner: trials pause, go on at their step, and train fewer epochs in all. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TrialDocument, TrialsDocument } from '../../sdk/typescript/generated/operations.js';
import { space } from '../../sdk/typescript/space.js';
import { createPlatform, type Platform, ROOT } from '../support/platform.js';
import { until } from '../support/until.js';

const TRIALS = 6;
const EPOCHS = 9;

let platform: Platform;

beforeAll(async () => {
  platform = await createPlatform();
  await platform.startServer();
});
afterAll(() => platform.close());

it('pauses trials at rungs and goes on with the best from their checkpoints', { timeout: 180_000 }, async () => {
  const ledger = join(platform.dataDirectory, 'ledger.txt');
  const client = await platform.client();
  const runner = platform.startRunner('one', { TRIALGRAPH_SLOTS: '3' });
  const experiment = await client.createExperiment({
    project: 'tests',
    name: 'scheduled',
    command: [
      'node',
      '--import',
      '@oxc-node/core/register',
      join(ROOT, 'test/support/programs/train-with-checkpoints.ts'),
    ],
    workingDirectory: ROOT,
    environment: { LEDGER: ledger, EPOCHS: String(EPOCHS) },
    objective: { metric: 'loss', goal: 'minimize' },
    space: { learning_rate: space.float(1e-4, 1, { log: true }) },
    sampler: 'random',
    pruner: { kind: 'asha_promote', options: { minSteps: 1, eta: 3, maxSteps: EPOCHS } },
    budget: { maxTrials: TRIALS, maxParallel: 3 },
    seed: 'scheduled',
  });

  await until(async () => (await experiment.load()).state === 'COMPLETED', 150_000);

  const trials = (await client.request(TrialsDocument, { experimentId: experiment.id, first: 50 })).trials.nodes;
  const epochs = (await readFile(ledger, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  console.log(`${epochs.length} epochs in place of ${TRIALS * EPOCHS}`);
  expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(['COMPLETED', 'PRUNED']));
  // Each trial trained every epoch once, in order, over all of its attempts: it went on where it was.
  for (const { number } of trials) {
    const own = epochs.filter(([trial]) => trial === number).map(([, , epoch]) => epoch);
    expect(own).toEqual(own.map((_, i) => i + 1));
  }
  expect(Math.max(...epochs.map(([, attempt]) => attempt ?? 0))).toBeGreaterThan(1);
  expect(epochs.length).toBeLessThan((TRIALS * EPOCHS) / 1.5);
  const best = trials.find(({ state }) => state === 'COMPLETED');
  const { trial } = await client.request(TrialDocument, { id: best?.id ?? '' });
  expect(trial).toMatchObject({ paused: false, parent: null, children: [] });
  expect(trial?.artifacts.every(({ kind, state }) => kind === 'checkpoint' && state === 'COMMITTED')).toBe(true);
  runner.child.kill('SIGTERM');
  expect(await runner.ended).toBe(0);
  await client.close();
});

it('serves a script in Python that asks and tells', { timeout: 120_000 }, async () => {
  const client = await platform.client();
  const experiment = await client.createExperiment({
    project: 'tests',
    name: 'asked',
    objective: { metric: 'loss', goal: 'minimize' },
    space: { x: space.float(0, 1) },
    sampler: 'random',
    pruner: { kind: 'asha_promote', options: { minSteps: 1, eta: 3, maxSteps: EPOCHS } },
    budget: { maxTrials: 3, maxParallel: 1 },
    seed: 'asked',
  });
  const { apiKey } = JSON.parse(await readFile(join(platform.dataDirectory, 'client.json'), 'utf8')) as {
    apiKey: string;
  };
  const program = join(ROOT, 'test/support/programs/train_with_checkpoints.py');
  const env = {
    ...process.env,
    TRIALGRAPH_URL: platform.url,
    TRIALGRAPH_API_KEY: apiKey,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const { stdout } = await promisify(execFile)('python3', [program, experiment.id], { env });

  expect((await experiment.load()).state).toBe('COMPLETED');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  const winner = lines.at(-1)?.[0];
  expect(lines.filter(([trial]) => trial === winner).map(([, , epoch]) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(lines.at(-1)?.[1]).toBe(3);
  expect(lines.length).toBeLessThan(3 * EPOCHS);
  await client.close();
});
