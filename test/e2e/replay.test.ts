/**
 * The promise of search: the same history gives the same proposal, on any server and at any time. 16 askers with the real
 * SDK, random delays, every kind of end and reports all the while, `kill -9` of the server; then a fresh process proposes
 * each trial again from what is stored. In CI a few samplers with few trials; `REPLAY=full` runs them all with 200 trials, and
 * `REPLAY=gp,cma` some.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type ExperimentHandle, space, type Trial } from '../../sdk/typescript/index.js';
import { samplers } from '../../src/search/samplers/index.js';
import { type Fleet, startFleet } from '../support/fleet.js';
import { ROOT } from '../support/platform.js';
import type { Replayed } from '../support/programs/replay-experiment.js';
import { seededRandom } from '../support/seeded-random.js';

const SIZES = {
  ci: { kinds: ['tpe', 'bohb'], trials: 40, askers: 16, kills: 2, limitMs: 300_000 },
  full: { kinds: Object.keys(samplers), trials: 200, askers: 16, kills: 5, limitMs: 600_000 },
} as const;
const WANTED = process.env.REPLAY ?? 'ci';
const SIZE = SIZES[WANTED === 'ci' ? 'ci' : 'full'];
const KINDS: readonly string[] = WANTED === 'ci' || WANTED === 'full' ? SIZE.kinds : WANTED.split(',');
const SEED = Number(process.env.CHAOS_SEED ?? 7);
const LONGEST_PAUSE_MS = 60;

let fleet: Fleet;
let client: Client;

beforeAll(async () => {
  fleet = await startFleet({ servers: 1, random: seededRandom(SEED) });
  process.env.TRIALGRAPH_SPOOL_DIR = join(fleet.directory, 'spool');
  // Restarts take long on a busy machine.
  client = new Client({ url: fleet.url, apiKey: fleet.apiKey, retry: { limitSeconds: 120 } });
}, 120_000);
afterAll(async () => {
  await client.close();
  await fleet.close();
});

/** Conditions, and every kind of parameter; on a grid 440 cells. */
const SPACE = {
  lr: space.float(1e-5, 1, { log: true }),
  layers: space.int(1, 4),
  optimizer: space.choice(['sgd', 'adam']),
  momentum: { kind: 'float', low: 0, high: 1, when: { param: 'optimizer', in: ['sgd'] } },
};

function createSearch(kind: string): Promise<ExperimentHandle> {
  return client.createExperiment({
    project: 'tests',
    name: `replay-${kind}`,
    objective: { metric: 'loss', goal: 'minimize' },
    space: SPACE,
    sampler: kind,
    // Trials that end early teach samplers by their reports.
    pruner: kind === 'bohb' ? 'hyperband' : 'median',
    budget: { maxTrials: SIZE.trials, maxParallel: SIZE.askers },
    failureLimit: 0,
    seed: `replay ${SEED}`,
  });
}

/** Trains as real code does: some steps, each reported, with an end of any kind. */
async function train(trial: Trial, random: () => number): Promise<void> {
  const { lr, layers } = trial.params;
  const loss = Math.abs(Math.log10(Number(lr)) + 2) + Number(layers) / 10;
  for (let step = 0; step < 3; step++) {
    trial.log({ loss: loss + 1 / (step + 1) }, { step });
    await pause(random);
    if (trial.shouldStop) return trial.finish();
  }
  const end = random();
  if (end < 0.1) return trial.finish({ state: 'FAILED', message: `step ${end}` });
  if (end < 0.15) return trial.tell(Number.NaN);
  if (end < 0.18) return trial.tell(Number.POSITIVE_INFINITY);
  return trial.tell(loss);
}

function pause(random: () => number): Promise<void> {
  return new Promise((done) => setTimeout(done, random() * LONGEST_PAUSE_MS));
}

async function runAsker(experiment: ExperimentHandle, random: () => number): Promise<number> {
  for (let done = 0; ; done++) {
    await pause(random);
    const trial = await experiment.askOne();
    if (trial === null) return done;
    await train(trial, random);
  }
}

/** Kills the server each time that another share of the trials was asked for. */
async function killAllTheWhile(experiment: ExperimentHandle, signal: AbortSignal): Promise<number> {
  let kills = 0;
  while (!signal.aborted && kills < SIZE.kills) {
    const { counts } = await experiment.load();
    if (counts.total >= ((kills + 0.5) / SIZE.kills) * SIZE.trials && fleet.killServer(0)) kills += 1;
    await new Promise((done) => setTimeout(done, 200));
  }
  return kills;
}

const run = promisify(execFile);

async function replay(experimentId: string): Promise<Replayed> {
  const program = join(ROOT, 'test/support/programs/replay-experiment.ts');
  const { stdout } = await run(process.execPath, ['--import', '@oxc-node/core/register', program], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: fleet.databaseUrl, EXPERIMENT_ID: experimentId },
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Replayed;
}

describe.each(KINDS)('%s', (kind) => {
  it('proposes each trial of a tormented search again', { timeout: SIZE.limitMs }, async () => {
    const experiment = await createSearch(kind);
    const random = seededRandom(SEED);
    const end = new AbortController();
    const killing = killAllTheWhile(experiment, end.signal);
    const done = await Promise.all(Array.from({ length: SIZE.askers }, () => runAsker(experiment, random)));
    end.abort();

    const kills = await killing;
    const replayed = await replay(experiment.id);
    console.info(`${kind}: ${kills} kills, ${JSON.stringify(replayed)}`);
    expect(kills).toBe(SIZE.kills);
    expect(done.reduce((sum, n) => sum + n, 0)).toBe(SIZE.trials);
    expect((await experiment.load()).state).toBe('COMPLETED');
    expect(replayed).toMatchObject({ trials: SIZE.trials, equal: SIZE.trials, different: [] });
    expect(replayed.states.FAILED).toBeGreaterThan(0);
    expect(replayed.reports).toBeGreaterThan(0);
  });
});
