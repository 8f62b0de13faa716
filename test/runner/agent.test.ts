/** The runner's process against a real server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CreateApiKeyDocument,
  CreateExperimentFromFileDocument,
  ResourcePoolsDocument,
  RevokeApiKeyDocument,
  TrialDocument,
} from '../../sdk/typescript/generated/operations.js';
import type { Client } from '../../sdk/typescript/node-client.js';
import { createPlatform, matchOutput, type Platform } from '../support/platform.js';

let platform: Platform;
let client: Client;

beforeAll(async () => {
  platform = await createPlatform();
  await platform.startServer();
  client = await platform.client();
});
afterAll(() => platform.close());

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
