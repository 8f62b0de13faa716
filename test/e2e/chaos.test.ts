/**
 * Kills -9 the server, the runner and trials' processes at random moments of a 20-trial search, until at least ten kills have
 * hit. Then: every trial ended once, nothing that was acknowledged or shown is lost or doubled, and no process is left.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventsDocument, TrainingJobsDocument, TrialsDocument } from '../../sdk/typescript/generated/operations.js';
import type { ExperimentHandle } from '../../sdk/typescript/index.js';
import { collect, readLedger, readStored } from '../support/ledger.js';
import { createPlatform, type Platform, type Proc, processesOf } from '../support/platform.js';
import { ledgerSearch } from '../support/searches.js';
import { seededRandom } from '../support/seeded-random.js';
import { until } from '../support/until.js';

const KEYS = ['loss', 'test/accuracy'];
const TRIALS = 20;
const KILLS = 12;
const SEED = Number(process.env.CHAOS_SEED ?? 7);
const ENVIRONMENT = { TRIALGRAPH_LEASE_SECONDS: '4' };

let platform: Platform;
let ledgerDirectory: string;

beforeAll(async () => {
  platform = await createPlatform();
  ledgerDirectory = join(platform.dataDirectory, 'ledgers');
  await mkdir(ledgerDirectory);
});
afterAll(() => platform.close());

it('survives a dozen kills of server, runner and trials', { timeout: 300_000 }, async () => {
  const { process: server } = await platform.startServer(ENVIRONMENT);
  const client = await platform.client();
  const experiment = await client.createExperiment(
    ledgerSearch({ name: 'chaos', trials: TRIALS, parallel: 2, epochs: 12, ledgerDirectory }),
  );
  const shown = new Map<string, number>();
  const watching = new AbortController();
  const watched = watch(experiment, shown, watching.signal);

  const kills = await torment({ server, runner: platform.startRunner('victim') }, experiment);
  await finished(experiment);
  const trials = (await client.request(TrialsDocument, { experimentId: experiment.id, first: 200 })).trials.nodes;
  const jobs = (await client.request(TrainingJobsDocument, { first: 200 })).trainingJobs.nodes;
  const completed = new Set(
    jobs.filter((job) => job.state === 'COMPLETED').map((job) => `${job.trialId} ${job.attempt}`),
  );
  const stored = new Map<string, number>();
  for (const trial of trials) {
    const logged = await readLedger(ledgerDirectory, trial.id);
    const points = await readStored(client, trial.id, KEYS);
    for (const [name, value] of points)
      expect(logged.get(name), `stored of trial ${trial.number}: ${name}`).toBe(value);
    for (const [name, value] of logged) {
      // An attempt that was superseded may lose what was not acknowledged; one that completed had everything acknowledged.
      const isOwed = completed.has(`${trial.id} ${name.split(' ')[0]}`);
      if (isOwed) expect(points.get(name), `logged by trial ${trial.number}: ${name}`).toBe(value);
    }
    for (const [name, value] of points) stored.set(`${trial.id} ${name}`, value);
  }
  await until(() => shown.size >= stored.size);
  watching.abort();
  await watched;

  expect(kills.length).toBeGreaterThanOrEqual(10);
  expect(new Set(kills)).toEqual(new Set(['server', 'runner', 'trial']));
  expect(trials.map((trial) => trial.number).sort((a, b) => a - b)).toEqual(
    Array.from({ length: TRIALS }, (_, i) => i),
  );
  const poisoned = trials.filter(isPoison);
  if (kills.filter((victim) => victim === 'runner').length < 3) expect(poisoned).toEqual([]);
  expect(
    trials
      .filter((trial) => trial.state !== 'COMPLETED' && !poisoned.includes(trial))
      .map((trial) => `${trial.number} ${trial.state} ${trial.message}`),
  ).toEqual([]);
  for (const trial of trials) expect(await endsOf(client, trial.id), `ends of trial ${trial.number}`).toBe(1);
  expect(jobs.filter((job) => ['PENDING', 'STARTING', 'RUNNING', 'TERMINATING'].includes(job.state))).toEqual([]);
  expect(completed.size).toBeGreaterThanOrEqual(TRIALS - poisoned.length);
  expect([...shown].sort()).toEqual([...stored].sort());
  await client.close();
  await until(async () => (await processesOf(ledgerDirectory)).length === 0);
});

type Victim = 'server' | 'runner' | 'trial';

/** Kills one of the three at random moments, starts again what does not start by itself, and tells whom it hit. */
async function torment(alive: { server: Proc; runner: Proc }, experiment: ExperimentHandle): Promise<Victim[]> {
  const random = seededRandom(SEED);
  const kills: Victim[] = [];
  const plan: Victim[] = Array.from(
    { length: KILLS },
    (_, i) => (['server', 'trial', 'runner'] as const)[i % 3] as Victim,
  );
  for (const [i, victim] of plan.entries()) {
    // Spread over the search: a trial that three runners die on is set aside as poison, rightly.
    await until(async () => ended(await experiment.load()) >= i, 60_000);
    await sleep(random() * 1_200);
    if (victim === 'server') {
      await alive.server.kill('SIGKILL');
      await sleep(random() * 1_000);
      alive.server = (await platform.startServer(ENVIRONMENT)).process;
    } else if (victim === 'runner') {
      await alive.runner.kill('SIGKILL');
      await sleep(random() * 1_000);
      alive.runner = platform.startRunner('victim');
    } else if (!(await killOneTrial(random))) continue;
    kills.push(victim);
  }
  return kills;
}

function ended({ counts }: Awaited<ReturnType<ExperimentHandle['load']>>): number {
  return counts.completed + counts.pruned + counts.failed + counts.stopped;
}

/** One trial may be there when the runner is killed for the third time: it is then given up, as promised, and ends once. */
function isPoison({
  state,
  message,
}: {
  readonly state: string;
  readonly message?: string | null | undefined;
}): boolean {
  return state === 'FAILED' && message?.startsWith('three runners died while they held it') === true;
}

async function killOneTrial(random: () => number): Promise<boolean> {
  for (let i = 0; i < 200; i += 1) {
    const pids = await processesOf(ledgerDirectory);
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      return true;
    }
    await sleep(20);
  }
  return false;
}

async function watch(experiment: ExperimentHandle, shown: Map<string, number>, signal: AbortSignal): Promise<void> {
  for await (const { series } of experiment.watch({ keys: KEYS, signal })) {
    for (const one of series) collect(shown, one, `${one.trialId} `);
  }
}

async function finished(experiment: ExperimentHandle): Promise<void> {
  await until(async () => (await experiment.load()).state === 'COMPLETED', 200_000);
}

/** How often a trial was told to have ended: its events are the witness. */
async function endsOf(client: Awaited<ReturnType<Platform['client']>>, trialId: string): Promise<number> {
  const { events } = await client.request(EventsDocument, { trialId, first: 200 });
  return events.nodes.filter((event) => event.kind === 'TRIAL_ENDED').length;
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
