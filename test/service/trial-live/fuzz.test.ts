/**
 * The proof of live queries: whatever happens to thousands of trials, in whatever order, and however often the followers are
 * cut off and set on another server, the sets they were told are what the query finds. FUZZ=full for 10,000 trials; SEED=n.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentId, TrialId } from '../../../src/domain/ids.js';
import type { Deps } from '../../../src/service/deps.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import { stopTrial } from '../../../src/service/trial/stop-trial.js';
import { updateTrial } from '../../../src/service/trial/update-trial.js';
import { addExperiment } from '../../support/builders.js';
import { seededRandom } from '../../support/seeded-random.js';
import { openWorld, type World } from '../../support/world.js';
import { settled, Watcher } from './watcher.js';

const IS_FULL = process.env.FUZZ === 'full';
const TRIALS = IS_FULL ? 10_000 : 2_000;
const STEPS = IS_FULL ? 60 : 24;
const ACTIONS = IS_FULL ? 250 : 100;
const AT_ONCE = 4;
const SEED = Number(process.env.SEED ?? 1);

const FILTERS = [
  'metrics.loss < 0.3',
  'metrics.loss.min < 0.02 OR tags HAS "a"',
  'state = RUNNING AND params.lr > 0.5',
  'NOT (metrics.acc.max >= 0.7) AND state != FAILED',
  'metrics.loss.mean > 0.5 AND NOT tags HAS "b"',
  "metrics.loss IS NULL OR metrics.loss = NaN OR name LIKE 'n%'",
  'metrics.acc.count >= 2 AND value IS NULL AND number < 1500',
  '',
];

interface Subject {
  readonly id: TrialId;
  readonly seqs: Map<string, number>;
  attempt: number;
  isRunning: boolean;
  isEnded?: boolean;
}

let world: World;
let experimentId: ExperimentId;
const subjects: Subject[] = [];
const random = seededRandom(SEED);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;

beforeAll(async () => {
  world = await openWorld();
  ({ id: experimentId } = await addExperiment(world, { nextNumber: TRIALS }));
  const rows = await world.deps.database.read.query<{ id: TrialId; number: number }>(
    `WITH made AS (
      INSERT INTO trial (id, project_id, experiment_id, number, state, proposed_by, asked_at, attempt, started_at)
      SELECT gen_random_uuid(), $1, $2, i, CASE WHEN i % 3 = 0 THEN 'WAITING' ELSE 'RUNNING' END, 'user', 0,
        (i % 3 > 0)::int, CASE WHEN i % 3 > 0 THEN now() END
      FROM generate_series(0, $3::int - 1) i RETURNING id, number),
    lease AS (INSERT INTO trial_lease (trial_id, attempt, epoch) SELECT id, (number % 3 > 0)::int, (number % 3 > 0)::int FROM made),
    param AS (INSERT INTO trial_param (experiment_id, trial_id, name, number) SELECT $2, id, 'lr', (number % 10) / 10.0 FROM made)
    SELECT id, number FROM made ORDER BY number`,
    [world.project.id, experimentId, TRIALS],
  );
  for (const { id, number } of rows)
    subjects.push({ id, seqs: new Map(), attempt: number % 3 > 0 ? 1 : 0, isRunning: number % 3 > 0 });
}, 120_000);
afterAll(() => world.close());

it(
  `tells what the query finds, of ${TRIALS} trials at every quiet moment`,
  async () => {
    let servers: Deps[] = [world.deps, await world.openServer()];
    const watchers = [...FILTERS, ...FILTERS].map((where) => new Watcher(experimentId, where));
    let resumes = 0;
    for (let step = 0; step < STEPS; step++) {
      if (step === Math.floor(STEPS / 2)) {
        // The second server is lost with all it kept, and another one takes its place.
        for (const watcher of watchers) await watcher.cut();
        servers = [world.deps, await world.openServer()];
      }
      for (const watcher of watchers) {
        if (watcher.isConnected) continue;
        if (watcher.cursor !== null) resumes += 1;
        watcher.connect(pick(servers), world.admin);
      }
      await act(servers, watchers);
      for (const watcher of watchers) {
        if (watcher.isConnected) await settled(watcher, world.deps, world.admin, experimentId);
      }
    }
    for (const watcher of watchers) {
      if (!watcher.isConnected) watcher.connect(pick(servers), world.admin);
      await settled(watcher, world.deps, world.admin, experimentId);
      await watcher.cut();
    }

    const resets = watchers.flatMap(({ messages }) => messages.filter(({ reset }) => reset)).length;
    expect(resumes).toBeGreaterThan(STEPS);
    // Each begins once, or a little oftener when it was cut before its first cursor came.
    expect(resets).toBeLessThan(2 * watchers.length);
    expect(watchers.every(({ messages }) => messages.some(({ left }) => left.length > 0))).toBe(true);
  },
  IS_FULL ? 1_800_000 : 240_000,
);

/** Random verbs, some at a time, with followers cut off in between. */
async function act(servers: readonly Deps[], watchers: readonly Watcher[]): Promise<void> {
  for (let done = 0; done < ACTIONS; done += AT_ONCE) {
    const busy = new Set<Subject>();
    const actions: Promise<unknown>[] = [];
    for (let i = 0; i < AT_ONCE; i++) {
      const subject = pick(subjects);
      if (busy.has(subject)) continue;
      busy.add(subject);
      actions.push(actOn(pick(servers), subject));
    }
    await Promise.all(actions);
    if (random() < 0.12) await pick(watchers).cut();
  }
}

async function actOn(deps: Deps, subject: Subject): Promise<void> {
  const { id } = subject;
  const roll = random();
  if (roll < 0.6) return report(deps, subject);
  if (roll < 0.72) {
    const tags = ['a', 'b', 'c'].filter(() => random() < 0.4);
    await updateTrial(deps, world.admin, { id, tags });
  } else if (roll < 0.77) {
    await updateTrial(deps, world.admin, { id, name: random() < 0.5 ? null : `${pick(['n', 'm'])}${roll}` });
  } else if (roll < 0.83) {
    const params = { lr: random() };
    const trial = await createTrial(deps, world.admin, { experimentId, params });
    subjects.push({ id: trial.id, seqs: new Map(), attempt: 0, isRunning: false });
  } else if (roll < 0.91) {
    await startOrEnd(deps, subject);
  } else if (subject.isRunning) {
    // Asks it to stop: a change of its row that moves no filter.
    await stopTrial(deps, world.admin, { id });
  } else {
    subjects.splice(subjects.indexOf(subject), 1);
    await deleteTrial(deps, world.admin, { id });
  }
}

async function startOrEnd(deps: Deps, subject: Subject): Promise<void> {
  const { id: trialId, attempt } = subject;
  if (subject.isRunning) {
    const state = pick(['COMPLETED', 'FAILED', 'STOPPED'] as const);
    const value = state === 'COMPLETED' ? random() : null;
    await finishTrial(deps, world.admin, { trialId, attempt, state, value });
    subject.isRunning = false;
    subject.isEnded = true;
  } else if (!subject.isEnded) {
    const started = await startTrial(deps, world.admin, { trialId });
    subject.attempt = started.attempt;
    subject.isRunning = true;
  }
}

async function report(deps: Deps, { id: trialId, attempt, seqs }: Subject): Promise<void> {
  if (attempt === 0) return;
  const stream = `s${attempt}`;
  const seq = seqs.get(stream) ?? 0;
  const n = 1 + Math.floor(random() * 3);
  const keys = random() < 0.5 ? ['loss'] : ['loss', 'acc'];
  const series = keys.map((key) => ({
    key,
    steps: Float64Array.from({ length: n }, (_, i) => seq + i),
    times: new Float64Array(n),
    values: Float64Array.from({ length: n }, () => (random() < 0.03 ? Number.NaN : random())),
  }));
  const { outcome } = await reportMetrics(deps, world.admin, { trialId, attempt, stream, seq, series });
  expect(outcome).toBe('ACCEPTED');
  seqs.set(stream, seq + n * keys.length);
}
