/** `trialgraph up` as a person runs it: Postgres dies, then `up` itself is killed; the next start goes on, and Ctrl+C leaves nothing. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TrialsDocument } from '../../sdk/typescript/generated/operations.js';
import type { ExperimentHandle } from '../../sdk/typescript/index.js';
import { readLedger, readStored } from '../support/ledger.js';
import { createPlatform, matchOutput, type Platform, processesOf, startCli } from '../support/platform.js';
import { ledgerSearch } from '../support/searches.js';
import { until } from '../support/until.js';

let platform: Platform;

beforeAll(async () => {
  platform = await createPlatform();
});
afterAll(() => platform.close());

const up = () =>
  startCli(['up'], {
    TRIALGRAPH_DATA_DIR: platform.dataDirectory,
    TRIALGRAPH_PORT: String(platform.port),
    TRIALGRAPH_LEASE_SECONDS: '4',
  });

it('goes on after the death of Postgres and of itself, and ends without a trace', { timeout: 180_000 }, async () => {
  const ledgerDirectory = join(platform.dataDirectory, 'ledgers');
  await mkdir(ledgerDirectory);
  const first = up();
  await matchOutput(first, /runner .* is ready/);
  const client = await platform.client();
  const experiment = await client.createExperiment(
    ledgerSearch({ name: 'up', trials: 8, parallel: 2, epochs: 12, ledgerDirectory }),
  );

  await ended(experiment, 1);
  process.kill(await postmaster(), 'SIGKILL');
  await ended(experiment, 3);
  await first.kill('SIGKILL');
  await until(async () => (await processesOf(platform.dataDirectory)).length === 0);
  const second = up();
  await ended(experiment, 8);

  const { trials } = await client.request(TrialsDocument, { experimentId: experiment.id, first: 50 });
  expect(trials.nodes.map((trial) => trial.state)).toEqual(Array(8).fill('COMPLETED'));
  for (const trial of trials.nodes) {
    const logged = await readLedger(ledgerDirectory, trial.id);
    const stored = await readStored(client, trial.id, ['loss', 'test/accuracy']);
    const last = [...logged].filter(([name]) => name.startsWith(`${trial.attempt} `));
    expect(last).toHaveLength(24);
    for (const [name, value] of last) expect(stored.get(name), `trial ${trial.number}: ${name}`).toBe(value);
    for (const [name, value] of stored) expect(logged.get(name), `trial ${trial.number}: ${name}`).toBe(value);
  }
  await client.close();
  const database = await postmaster();
  // As a terminal and npm do: both pass the same Ctrl+C on.
  second.child.kill('SIGINT');
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
  expect(await processesOf(platform.dataDirectory)).toEqual([]);
  expect(() => process.kill(database, 0)).toThrow(/ESRCH/);
});

async function postmaster(): Promise<number> {
  const [pid] = (await readFile(join(platform.dataDirectory, 'postgres/data/postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

async function ended(experiment: ExperimentHandle, count: number): Promise<void> {
  await until(async () => {
    const { counts } = await experiment.load();
    return counts.completed + counts.failed + counts.stopped + counts.pruned >= count;
  }, 90_000);
}
