/** The whole platform in one page: read this first. Everything in it is real: server, Postgres, runner, training, socket. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProjectDocument, RegisterDatasetDocument, TrialsDocument } from '../sdk/typescript/generated/operations.js';
import { type Client, init, space } from '../sdk/typescript/index.js';
import { createPlatform, type Platform, ROOT } from './support/platform.js';

let platform: Platform;
let client: Client;

beforeAll(async () => {
  platform = await createPlatform();
  await platform.startServer();
  client = await platform.client();
});
afterAll(async () => {
  await client.close();
  await platform.close();
});

it('records a script that trains by itself', async () => {
  const trial = await init({
    url: client.url,
    apiKey: await key(),
    project: 'story',
    experiment: 'by-hand',
    params: { lr: 0.1 },
  });

  for (let step = 0; step < 50 && !trial.shouldStop; step += 1) trial.log({ loss: Math.exp(-step * 0.1) }, { step });
  trial.log({ loss: Number.NaN }, { step: 50 });
  await trial.finish();

  const recorded = await client.trial('story/by-hand/0');
  const stored = await recorded.load();
  expect(stored.state).toBe('COMPLETED');
  expect(stored.params).toEqual({ lr: 0.1 });
  expect(stored.summary[0]).toMatchObject({ key: 'loss', count: 51, nonFinite: 1, last: 'NaN', max: 1 });
});

it('registers data by reference, with its checksum', async () => {
  const bytes = await readFile(join(ROOT, 'examples/digits/digits.csv.gz'));
  const { project } = await client.request(ProjectDocument, { name: 'story' });

  const { registerDataset } = await client.request(RegisterDatasetDocument, {
    input: {
      projectId: project?.id ?? '',
      name: 'digits',
      uri: 'file:examples/digits/digits.csv.gz',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      rows: 1797,
      licence: 'CC-BY-4.0',
    },
  });

  expect(registerDataset.version).toBe(1);
});

it('searches: proposes, executes on a runner, shows it live, finds the best', { timeout: 90_000 }, async () => {
  const runner = platform.startRunner('story');
  const experiment = await client.createExperiment({
    project: 'story',
    name: 'digits',
    command: ['node', 'dist/examples/digits/train.js'],
    workingDirectory: ROOT,
    objective: { metric: 'test/accuracy', goal: 'maximize' },
    space: {
      learning_rate: space.float(0.001, 0.3, { log: true }),
      hidden_units: space.int(32, 64),
      dropout: space.float(0, 0.5, { when: { param: 'hidden_units', above: 48 } }),
    },
    sampler: 'tpe',
    pruner: 'median',
    budget: { maxTrials: 6, maxParallel: 2 },
    seed: 'story',
  });

  const states: string[] = [];
  for await (const { experiment: now, trials } of experiment.changes()) {
    states.push(...trials.map((trial) => trial.state));
    if (now.state === 'COMPLETED') break;
  }

  const { bestTrial, counts } = await experiment.load();
  expect(states).toContain('RUNNING');
  expect(counts.completed + counts.pruned).toBe(6);
  expect(Number(bestTrial?.value)).toBeGreaterThan(0.9);
  const { trials } = await client.request(TrialsDocument, { experimentId: experiment.id, first: 10 });
  for (const { params } of trials.nodes) expect('dropout' in params).toBe(Number(params.hidden_units) > 48);

  const best = await (await client.trial(`story/digits/${bestTrial?.number}`)).load();
  expect(best.artifacts).toMatchObject([{ name: 'weights', state: 'COMMITTED' }]);
  expect(best.jobs.map((job) => job.state)).toEqual(['COMPLETED']);
  await runner.kill('SIGTERM');
});

it('asks and tells: a search whose trials a program runs by itself', async () => {
  const experiment = await client.createExperiment({
    project: 'story',
    name: 'ask-and-tell',
    objective: { metric: 'distance', goal: 'minimize' },
    space: { x: space.float(-5, 5) },
    sampler: 'tpe',
    budget: { maxTrials: 12 },
    seed: 'story',
  });

  for await (const trial of experiment.ask()) await trial.tell((Number(trial.params.x) - 2) ** 2);

  const { bestTrial, state } = await experiment.load();
  expect(state).toBe('COMPLETED');
  expect(Number(bestTrial?.params.x)).toBeCloseTo(2, 0);
});

async function key(): Promise<string> {
  return JSON.parse(await readFile(join(platform.dataDirectory, 'client.json'), 'utf8')).apiKey;
}
