import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isPlatformError } from '../../../src/domain/errors.js';
import type { RunnerPrincipal } from '../../../src/domain/roles.js';
import { identifyToken } from '../../../src/service/access/identify.js';
import { createApiKey } from '../../../src/service/api-key/create-api-key.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { renewLeases } from '../../../src/service/job/renew-leases.js';
import { startJob } from '../../../src/service/job/start-job.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { addTrial, unique } from '../../support/builders.js';
import { until } from '../../support/until.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lease, leaseOne } from './queue.js';

/** What slow pages and verbs wait for. */
const GATE = 4_711;
const CROWD = 300;

let world: World;
let gate: pg.Client;
beforeAll(async () => {
  world = await openWorld();
  await reclaimLeases(world.deps);
  gate = new pg.Client({ connectionString: world.url });
  await gate.connect();
});
afterAll(async () => {
  await gate.end();
  await world.close();
});

it('answers heartbeats, leases and reports while hundreds of slow pages and verbs hold their pools (F39)', async () => {
  const { deps, clock } = world;
  const { secret: token, apiKey } = await createApiKey(deps, world.admin, {
    kind: 'RUNNER',
    name: unique('runner'),
    poolId: world.pool.id,
  });
  const principal: RunnerPrincipal = {
    kind: 'runner',
    keyId: apiKey.id,
    organizationId: world.admin.organizationId,
    poolId: world.pool.id,
    runnerId: null,
  };
  const worker = await addRunner(world, { principal });
  await addSearch(world, { maxTrials: 2, maxParallel: 2 });
  await addSearch(world, { maxTrials: 1, maxParallel: 1 });
  const held = await lease(world, worker, { max: 2 });
  const trial = await addTrial(world);
  const column = Float64Array.of(1);
  const report = (seq: number) =>
    reportMetrics(deps, world.admin, {
      trialId: trial.id,
      attempt: 1,
      stream: 's',
      seq,
      series: [{ key: 'loss', steps: column, times: column, values: column }],
    });
  const renew = () =>
    renewLeases(deps, principal, {
      runnerId: worker.runner.id,
      leases: held.map(({ job, epoch }) => ({ jobId: job.id, epoch })),
    });
  await gate.query('SELECT pg_advisory_lock($1)', [GATE]);
  const wait = `/* test.slow */ SELECT pg_advisory_xact_lock_shared(${GATE})`;
  let served = 0;
  let refused = 0;
  const counted = (work: Promise<unknown>) =>
    work.then(
      () => {
        served++;
      },
      (error) => {
        expect(isPlatformError(error) && error.code).toBe('OVERLOADED');
        refused++;
      },
    );
  const crowd = Array.from({ length: CROWD }, () => [
    counted(deps.database.read.query(wait)),
    counted(deps.database.transaction((tx) => tx.query(wait))),
  ]).flat();
  await until(async () => {
    const { rows } = await gate.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows[0].n >= 8;
  });
  expect(refused, 'the line is bounded').toBe(2 * CROWD - 2 * (4 + 100));

  clock.advance(10_000); // what was proved of the key is forgotten
  expect(await identifyToken(deps, token)).toMatchObject({ kind: 'runner' });
  expect((await renew()).leases.map(({ outcome }) => outcome)).toEqual(['RENEWED', 'RENEWED']);
  expect((await report(0)).outcome).toBe('ACCEPTED');
  for (const { job, epoch } of held)
    expect((await startJob(deps, principal, { jobId: job.id, epoch })).outcome).toBe('ACCEPTED');
  expect((await reclaimLeases(deps)).trialIds).toEqual([]);
  const [first] = held;
  expect((await finish(world, worker, first!, 'FAILED', 'USER_CODE')).outcome).toBe('ACCEPTED');
  expect((await renew()).leases.map(({ outcome }) => outcome)).toEqual(['FENCED', 'RENEWED']);
  expect((await report(1)).nextSeq).toBe(2);
  expect(served, 'the crowd was still there').toBe(0);

  await gate.query('SELECT pg_advisory_unlock($1)', [GATE]);
  await Promise.all(crowd);
  expect(served + refused).toBe(2 * CROWD);
  expect(await leaseOne(world, worker), 'and work goes on').toBeDefined();
});
