/**
 * One beat of a live query: 100 trials of an experiment of 10,000 and of 100,000 (others by argument) got a point of one of
 * their 10 metrics, and the set of those that match is brought up to date, rows of the changed trials included. Beside the
 * filter asked again of the whole experiment, as a dashboard that polls does. Both must find the same trials.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExperimentId, ProjectId, TrialId } from '../src/domain/ids.js';
import type { Deps } from '../src/service/deps.js';
import { parseTrialFilter } from '../src/service/trial-filter/parse-trial-filter.js';
import { shareMatches } from '../src/service/trial-live/shared-matches.js';
import { startEmbeddedPostgres } from '../src/store/embedded.js';
import { createMetricStore } from '../src/store/metrics/postgres/metric-store.js';
import { matchingNumbers } from '../src/store/queries/touched-trials.js';
import { type Ground, openGround } from '../test/store/metrics/ground.js';
import { finish, latency, quantile, type Result } from './support/result.js';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
const METRICS = 10;
const CHANGING = 100;
const BEATS = 60;
const WARM = 5;
const FILTER = 'metrics.metric-3.last < 0.2 AND NOT metrics.metric-4.max > 0.99';

const TRIALS = `WITH made AS (
  INSERT INTO trial (id, project_id, experiment_id, number, state, proposed_by, asked_at, attempt, started_at)
  SELECT gen_random_uuid(), $1, $2, i, 'RUNNING', 'user', 0, 1, now() FROM generate_series(0, $3::int - 1) i RETURNING id),
leases AS (INSERT INTO trial_lease (trial_id, attempt, epoch) SELECT id, 1, 1 FROM made),
streams AS (INSERT INTO metric_stream (project_id, experiment_id, trial_id, attempt, stream) SELECT $1, $2, id, 1, 'bench' FROM made),
keys AS (INSERT INTO metric_key (project_id, name) SELECT $1, 'metric-' || k FROM generate_series(0, $4::int - 1) k RETURNING id)
INSERT INTO metric_summary (experiment_id, trial_id, key_id, n, n_nonfinite, first, last, last_step, min, min_step, max, max_step, sum)
SELECT $2, made.id, keys.id, 1, 0, v, v, 0, v, 0, v, 0, v FROM made, keys, LATERAL (SELECT random() + 0 * keys.id AS v) r`;

async function measure(ground: Ground, size: number): Promise<Result> {
  const { projectId, experimentId } = await ground.newExperiment();
  await ground.database.ingest.query(TRIALS, [projectId, experimentId, size, METRICS]);
  await ground.database.ingest.query('VACUUM ANALYZE');
  const trials = await ground.database.read.query<{ id: TrialId }>('SELECT id FROM trial WHERE experiment_id = $1', [
    experimentId,
  ]);
  const selection = { experimentId, projectId, filter: {}, where: parseTrialFilter(FILTER), now: new Date() };
  const group = shareMatches(depsOf(ground), selection, FILTER);
  const store = createMetricStore(ground.database);
  const seqs = new Map<TrialId, number>();
  const [own, asked]: number[][] = [[], []];
  for (let beat = -WARM; beat < BEATS; beat++) {
    await Promise.all(sample(trials).map(({ id }) => report(id)));
    const startedMs = performance.now();
    await group.advance(0);
    const halfMs = performance.now();
    const found = await matchingNumbers(ground.database.read, selection);
    if (beat >= 0) {
      own?.push(halfMs - startedMs);
      asked?.push(performance.now() - halfMs);
    }
    if (beat % 20 === 0) await check(found);
  }
  group.leave();
  await store.close();
  return latency(
    `a beat of ${CHANGING} among ${size}, p50`,
    quantile(own ?? [], 0.5),
    'the filter asked again',
    quantile(asked ?? [], 0.5),
  );

  async function report(trialId: TrialId): Promise<void> {
    const seq = seqs.get(trialId) ?? 0;
    const columns = { steps: Float64Array.of(seq), times: Float64Array.of(0), values: Float64Array.of(Math.random()) };
    const series = [{ key: 'metric-3', ...columns }];
    const batch = { projectId: projectId as ProjectId, trialId, attempt: 1, epoch: 1, stream: 'bench', seq, series };
    await store.append({ ...batch, dropped: 0 });
    seqs.set(trialId, seq + 1);
  }

  async function check(found: readonly number[]): Promise<void> {
    const { numbers } = await group.start();
    if (String(numbers) !== String([...found].sort((a, b) => a - b))) throw new Error('the set is not what is found');
  }
}

function sample<Item>(items: readonly Item[]): Item[] {
  const picked = new Set<Item>();
  while (picked.size < CHANGING) picked.add(items[Math.floor(Math.random() * items.length)] as Item);
  return [...picked];
}

/** What a group needs of a server. */
function depsOf({ database }: Ground): Deps {
  const clock = { now: () => new Date(), monotonicMs: () => performance.now() };
  const wakeups = { subscribe: (_: ExperimentId) => ({ count: 0, close: () => undefined }) };
  return { database, clock, wakeups } as unknown as Deps;
}

const directory = mkdtempSync(path.join(tmpdir(), 'trialgraph-bench-'));
const postgres = await startEmbeddedPostgres({ directory: path.join(directory, 'postgres'), log: () => undefined });
try {
  process.env.TRIALGRAPH_TEST_DATABASE_URL = postgres.url;
  const results: Result[] = [];
  for (const trials of SIZES) {
    const ground = await openGround();
    results.push(await measure(ground, trials));
    await ground.close();
  }
  finish(results);
} finally {
  await postgres.stop();
  rmSync(directory, { recursive: true, force: true });
}
