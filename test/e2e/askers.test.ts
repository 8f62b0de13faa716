/** 100 askers at once, over HTTP: no cell of a grid is proposed twice, none is left out, and no tell is lost. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AskTrialDocument,
  FinishTrialDocument,
  TrialsDocument,
  type TrialsQuery,
} from '../../sdk/typescript/generated/operations.js';
import { Client, space } from '../../sdk/typescript/index.js';
import { createPlatform, type Platform } from '../support/platform.js';

const ASKERS = 100;
const SIDES = { x: 20, y: 15 };
const CELLS = SIDES.x * SIDES.y;

let platform: Platform;
let client: Client;

beforeAll(async () => {
  platform = await createPlatform();
  await platform.startServer();
  client = await platform.client();
}, 120_000);
afterAll(async () => {
  await client.close();
  await platform.close();
});

/** As a busy machine needs it: the last of a hundred waits for all the others. */
async function patientClient(): Promise<Client> {
  const { url, authorization } = client;
  const apiKey = authorization.authorization?.replace('Bearer ', '');
  return new Client({ url, apiKey, retry: { limitSeconds: 150 } });
}

const cellOf = ({ x, y }: { readonly x: number; readonly y: number }) => x * SIDES.y + y;

it('gives each cell of a grid to one of a hundred askers, and keeps what each tells', {
  timeout: 180_000,
}, async () => {
  const experiment = await client.createExperiment({
    project: 'tests',
    name: 'askers',
    objective: { metric: 'cell', goal: 'maximize' },
    space: { x: space.int(0, SIDES.x - 1), y: space.int(0, SIDES.y - 1) },
    sampler: 'grid',
    budget: { maxParallel: ASKERS },
  });
  const told: number[] = [];

  await Promise.all(
    Array.from({ length: ASKERS }, async () => {
      const own = await patientClient();
      for (;;) {
        const input = { experimentId: experiment.id };
        const { askTrial } = await own.request(AskTrialDocument, { input }, { timeoutSeconds: 60 });
        if (askTrial.done) break;
        if (!askTrial.started) {
          await new Promise((done) => setTimeout(done, 50));
          continue;
        }
        const { trial, attempt } = askTrial.started;
        const value = cellOf(trial.params as { x: number; y: number });
        told.push(value);
        await own.request(FinishTrialDocument, { input: { trialId: trial.id, attempt, state: 'COMPLETED', value } });
      }
      await own.close();
    }),
  );

  const inOrder = Array.from({ length: CELLS }, (_, i) => i);
  expect(
    told.sort((a, b) => a - b),
    'each cell once',
  ).toEqual(inOrder);
  const stored: (readonly [number, string, unknown])[] = [];
  let after: string | null = null;
  for (let more = true; more; ) {
    const page: TrialsQuery = await client.request(TrialsDocument, { experimentId: experiment.id, first: 100, after });
    const { trials } = page;
    for (const { number, state, value, params } of trials.nodes) {
      expect(value).toBe(cellOf(params as { x: number; y: number }));
      stored.push([number, state, value]);
    }
    after = trials.pageInfo.endCursor ?? null;
    more = trials.pageInfo.hasNextPage;
  }
  expect(stored.map(([number]) => number)).toEqual(inOrder);
  expect(stored.every(([, state]) => state === 'COMPLETED')).toBe(true);
  expect((await experiment.load()).state).toBe('COMPLETED');
});
