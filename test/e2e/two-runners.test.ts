/** Two runners share one search: no trial runs twice, and the work of one that is asked to end moves to the other. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TrainingJobsDocument, TrialsDocument } from '../../sdk/typescript/generated/operations.js';
import { createPlatform, type Platform, processesOf } from '../support/platform.js';
import { ledgerSearch } from '../support/searches.js';
import { until } from '../support/until.js';

let platform: Platform;

beforeAll(async () => {
  platform = await createPlatform();
  await platform.startServer();
});
afterAll(() => platform.close());

it('moves the work of a runner that gets SIGTERM to the other one', { timeout: 120_000 }, async () => {
  const ledgerDirectory = join(platform.dataDirectory, 'ledgers');
  await mkdir(ledgerDirectory);
  const client = await platform.client();
  const first = platform.startRunner('first', { TRIALGRAPH_SLOTS: '2' });
  const second = platform.startRunner('second', { TRIALGRAPH_SLOTS: '2' });
  const experiment = await client.createExperiment(
    ledgerSearch({ name: 'shared', trials: 8, parallel: 4, epochs: 25, ledgerDirectory }),
  );
  const jobs = async () => (await client.request(TrainingJobsDocument, { first: 200 })).trainingJobs.nodes;
  await until(async () => {
    const running = (await jobs()).filter((job) => job.state === 'RUNNING');
    return new Set(running.map((job) => job.runner?.name)).size === 2;
  });

  first.child.kill('SIGTERM');
  const code = await first.ended;
  await until(async () => (await experiment.load()).state === 'COMPLETED');

  const all = await jobs();
  const trials = (await client.request(TrialsDocument, { experimentId: experiment.id, first: 200 })).trials.nodes;
  const preempted = all.filter((job) => job.state === 'PREEMPTED');
  expect(code).toBe(0);
  expect(preempted.length).toBeGreaterThan(0);
  for (const job of preempted) {
    expect(job.runner?.name).toBe('first');
    const next = all.find((other) => other.trialId === job.trialId && other.attempt === job.attempt + 1);
    expect(next?.runner?.name).toBe('second');
  }
  expect(trials.map((trial) => trial.state)).toEqual(Array(8).fill('COMPLETED'));
  for (const trial of trials) {
    expect(all.filter((job) => job.trialId === trial.id && job.state === 'COMPLETED')).toHaveLength(1);
  }
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(await processesOf(ledgerDirectory)).toEqual([]);
  await client.close();
});
