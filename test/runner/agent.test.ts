/** The runner's process against a real server. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CreateApiKeyDocument,
  CreateExperimentFromFileDocument,
  LogLinesDocument,
  ResourcePoolsDocument,
  RevokeApiKeyDocument,
  TrialDocument,
} from '../../sdk/typescript/generated/operations.js';
import type { Client } from '../../sdk/typescript/node-client.js';
import { cloneTemplate, type TestDatabase } from '../support/database.js';
import { createPlatform, matchOutput, type Platform, ROOT } from '../support/platform.js';
import { until } from '../support/until.js';

let platform: Platform;
let client: Client;
let database: TestDatabase;

beforeAll(async () => {
  database = await cloneTemplate();
  platform = await createPlatform();
  await platform.startServer({ DATABASE_URL: database.url });
  client = await platform.client();
});
afterAll(async () => {
  await platform.close();
  await database.drop();
});

it('ends, instead of asking for ever, when its key is revoked', { timeout: 40_000 }, async () => {
  const { resourcePools } = await client.request(ResourcePoolsDocument, {});
  const input = { kind: 'RUNNER' as const, name: 'short-lived', poolId: resourcePools[0]?.id ?? null };
  const { createApiKey: key } = await client.request(CreateApiKeyDocument, { input });
  const runner = platform.startRunner('revoked', { TRIALGRAPH_API_KEY: key.secret });
  await matchOutput(runner, /is ready/);

  await client.request(RevokeApiKeyDocument, { id: key.apiKey.id });

  expect(await runner.ended).toBe(4);
  expect(runner.output()).toMatch(/error: the API key/);
  expect(runner.output().split('\n').length).toBeLessThan(10);
});

it('registers again when the server has forgotten it', { timeout: 40_000 }, async () => {
  const runner = platform.startRunner('forgotten');
  await matchOutput(runner, /is ready/);
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  const { rowCount } = await sql.query(`DELETE FROM runner WHERE name = 'forgotten'`);
  await sql.end();

  const text = `
project: runner
name: late
command: [node, -e, ""]
method: random
metric: { name: loss, goal: minimize }
parameters: { lr: { min: 0.0, max: 1.0 } }
budget: { max_trials: 1 }
`;
  await client.request(CreateExperimentFromFileDocument, { input: { text } });

  expect(rowCount).toBe(1);
  await matchOutput(runner, /trial 0, attempt 1: /);
  await runner.kill('SIGTERM');
});

it('lets a job run under a limit that is longer than any timer', { timeout: 40_000 }, async () => {
  const runner = platform.startRunner('patient');
  const text = `
project: runner
name: patient
command: [node, -e, "setTimeout(() => process.exit(3), 300)"]
method: random
metric: { name: loss, goal: minimize }
parameters: { lr: { min: 0.0, max: 1.0 } }
budget: { max_trials: 1 }
resources: { timeout: 30d }
`;
  await client.request(CreateExperimentFromFileDocument, { input: { text } });

  await matchOutput(runner, /trial 0, attempt 1: FAILED/);

  const { trial } = await client.request(TrialDocument, { path: 'runner/patient/0' });
  expect(trial).toMatchObject({ cause: 'USER_CODE', message: 'exit code 3' });
  await runner.kill('SIGTERM');
});

it('lets a training loop that hears of a stop end by itself, and ends one that does not listen', {
  timeout: 60_000,
}, async () => {
  const runner = platform.startRunner('polite', { TRIALGRAPH_SLOTS: '2' });
  const listens = `
    import { init } from '${ROOT}dist/sdk/typescript/index.js';
    const trial = await init();
    for (let step = 0; !trial.shouldStop; step += 1) {
      trial.log({ loss: 1 / (step + 1) }, { step });
      await new Promise((done) => setTimeout(done, 100));
    }
    await new Promise((done) => setTimeout(done, 1500)); // saves its model
    console.log('saved');
    await trial.finish();`;
  const search = (name: string, command: readonly string[]) =>
    client.createExperiment({
      ...{ project: 'runner', name, command: [...command], sampler: 'random', budget: { maxTrials: 1 } },
      objective: { metric: 'loss', goal: 'minimize' },
      space: { lr: { kind: 'float', low: 0, high: 1 } },
    });
  await search('listens', ['node', '--input-type=module', '-e', listens]);
  await search('deaf', ['sleep', '1000']);
  await until(async () => (await states()).every((state) => state === 'RUNNING'));
  await until(async () => (await (await client.trial('runner/listens/0')).load()).summary.length > 0);

  for (const name of ['listens', 'deaf']) await (await client.trial(`runner/${name}/0`)).stop('enough');

  await until(async () => (await states()).every((state) => state === 'STOPPED'));
  const { trial } = await client.request(TrialDocument, { path: 'runner/listens/0' });
  const { logLines } = await client.request(LogLinesDocument, { jobId: trial?.jobs[0]?.id ?? null });
  expect(logLines.lines).toContain('saved');
  expect(trial?.jobs[0]).toMatchObject({ exitCode: 0 });
  await runner.kill('SIGTERM');

  async function states(): Promise<(string | undefined)[]> {
    const paths = ['runner/listens/0', 'runner/deaf/0'];
    const found = await Promise.all(paths.map((path) => client.request(TrialDocument, { path }).catch(() => null)));
    return found.map((reply) => reply?.trial?.state);
  }
});
