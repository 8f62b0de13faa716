import { afterAll, beforeAll, it } from 'vitest';
import { judgeTrial } from '../src/service/search/judge.js';
import { loadHistory } from '../src/service/search/load-history.js';
import { openWorkerProposer } from '../src/service/search/worker-proposer.js';
import { bestTrials, experimentCounts } from '../src/service/experiment/load-experiments.js';
import { listHistoryTrials } from '../src/store/queries/history.js';
import { leaseNext, countFitting } from '../src/store/queries/job.js';
import { createExperiment } from '../src/service/experiment/create-experiment.js';
import { openWorld, type World } from './support/world.js';

let world: World;
beforeAll(async () => { world = await openWorld(); });
afterAll(() => world.close());
const ms = async (name: string, n: number, work: () => Promise<unknown>) => {
  await work();
  const t = performance.now(); const c = process.cpuUsage();
  for (let i = 0; i < n; i++) await work();
  const cpu = process.cpuUsage(c);
  console.log(name, ((performance.now() - t) / n).toFixed(2), 'ms; node cpu', ((cpu.user + cpu.system) / 1000 / n).toFixed(2));
};
async function fill(trials: number, reports: number) {
  const e = await createExperiment(world.deps, world.admin, {
    projectId: world.project.id, name: `m${trials}`, command: ['x'],
    search: { space: Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`p${i}`, { kind: 'float', low: 0, high: 1 }])),
      objective: { metric: 'loss', goal: 'minimize' }, sampler: { kind: 'tpe' }, pruner: { kind: 'median' }, budget: { maxTrials: 1000000, maxParallel: 100 } } });
  const sql = (text: string, p: unknown[] = []) => world.deps.database.transaction((tx) => tx.query(`/* m */ ${text}`, p));
  await sql(`INSERT INTO trial (id, project_id, experiment_id, number, state, params, proposed_by, asked_at, value, ended_sequence, attempt, ended_at, started_at)
    SELECT gen_random_uuid(), $1, $2, n, CASE WHEN n < $3 - 20 THEN 'COMPLETED' ELSE 'RUNNING' END,
     (SELECT jsonb_object_agg('p' || i, random()) FROM generate_series(0, 7) i WHERE n >= 0), 'tpe', 2*n+1, CASE WHEN n < $3 - 20 THEN random() END, CASE WHEN n < $3 - 20 THEN 2*n+2 END, 1, now(), now()
    FROM generate_series(0, $3 - 1) n`, [world.project.id, e.id, trials]);
  await sql(`INSERT INTO trial_lease (trial_id, attempt, epoch) SELECT id, 1, 1 FROM trial WHERE experiment_id = $1`, [e.id]);
  await sql(`INSERT INTO trial_report (experiment_id, trial_id, attempt, step, value, position)
    SELECT $1, id, 1, s, random(), asked_at FROM trial, generate_series(0, $2 - 1) s WHERE experiment_id = $1`, [e.id, reports]);
  await sql(`UPDATE experiment SET next_number = $2, sequence = 2 * $2 + 2 WHERE id = $1`, [e.id, trials]);
  await world.deps.database.ingest.query('ANALYZE');
  return e;
}
it('measures', async () => {
  const proposer = openWorkerProposer();
  for (const [trials, reports] of [[1000, 100], [10000, 100]] as const) {
    const e = await fill(trials, reports);
    const search = e.search!;
    console.log('---', trials, reports);
    const t = performance.now();
    await loadHistory(world.deps.database.read, world.deps.database, e.id, search);
    console.log('first load', (performance.now() - t).toFixed(1));
    await ms('listHistoryTrials', 10, () => listHistoryTrials(world.deps.database.read, e.id));
    await ms('loadHistory warm', 10, () => loadHistory(world.deps.database.read, world.deps.database, e.id, search));
    const [running] = await world.deps.database.read.query<{ id: never }>(`/* m */ SELECT id FROM trial WHERE experiment_id = $1 AND state = 'RUNNING' LIMIT 1`, [e.id]);
    let s = 1000;
    await ms('report+judge', 20, async () => {
      await world.deps.database.transaction((tx) => tx.query(`/* m */ INSERT INTO trial_report VALUES ($1,$2,1,$3,0.1,100000)`, [e.id, running!.id, s++]));
      await judgeTrial(world.deps, { experimentId: e.id, trialId: running!.id });
    });
    const history = await loadHistory(world.deps.database.read, world.deps.database, e.id, search);
    await ms('propose tpe in worker', 3, () => proposer.propose({ sampler: search.sampler, history, count: 1 }).catch((x) => console.log(String(x))));
    await ms('bestTrials', 20, () => bestTrials(world.deps, world.admin, [e.id]));
    await ms('experimentCounts', 20, () => experimentCounts(world.deps, world.admin, [e.id]));
  }
  // queue of 20,000 pending jobs
  const [e] = await world.deps.database.read.query<{ id: string, algorithm_version_id: string }>(`/* m */ SELECT * FROM experiment WHERE name = 'm10000'`);
  await world.deps.database.transaction((tx) => tx.query(`/* m */ INSERT INTO training_job (id, project_id, experiment_id, trial_id, pool_id, attempt, state, command)
    SELECT gen_random_uuid(), project_id, experiment_id, id, $2, a, 'PENDING', '["x"]' FROM trial, generate_series(1,5) a WHERE experiment_id = $1`, [e!.id, world.pool.id]));
  await world.deps.database.ingest.query('ANALYZE');
  await ms('countFitting 50k queue', 10, () => countFitting(world.deps.database.read, { poolId: world.pool.id, gpus: 0, slots: 100 }, 10));
  await ms('leaseNext 50k queue', 10, () => world.deps.database.transaction((tx) => leaseNext(tx, { poolId: world.pool.id, gpus: 0, slots: 100, runnerId: '00000000-0000-7000-8000-000000000000' as never, leaseSeconds: 60 })));
  await proposer.close();
}, 200_000);
