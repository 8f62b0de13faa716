/**
 * A month of keeping in seconds: after a busy quarter of a minute a server lets go of all that it does not have to keep, and
 * has what it acknowledged. `npm run bench -- soak` is the long form, which also judges memory.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { check } from '../../bench/support/soak/ledger.js';
import { type Load, startLoad } from '../../bench/support/soak/load.js';
import { leftAtRest } from '../../bench/support/soak/rest.js';
import { type Sample, takeSample } from '../../bench/support/soak/sample.js';
import { type SoakServer, startSoakServer } from '../../bench/support/soak/server.js';
import { timingOf } from '../../bench/support/soak/timing.js';
import { until } from '../support/until.js';

const LOAD_MS = 14_000;
const timing = { ...timingOf(LOAD_MS / 60_000), longestTrialMs: 3_000 };
const NOBODY = '00000000-0000-0000-0000-000000000000';

const said: string[] = [];
let soak: SoakServer;
let sql: pg.Client;

beforeAll(async () => {
  soak = await startSoakServer(timing, (line) => said.push(line));
  sql = new pg.Client({ connectionString: soak.server.databaseUrl });
  await sql.connect();
});
afterAll(async () => {
  await sql.end();
  await soak.proxy.stop();
  await soak.server.close();
});

it('lets go of connections, subscriptions, rows and room, and keeps what it acknowledged', {
  timeout: 120_000,
}, async () => {
  const { server, proxy } = soak;
  const before = await takeSample(server, sql, true);
  const load = await startLoad(server, timing, proxy);
  await new Promise((done) => setTimeout(done, LOAD_MS));
  const under = await takeSample(server, sql, true);
  await load.stop();
  expectHardWork(load, before, under);

  const { wrong, points } = await check(load.client, load.ledger);
  expect(wrong).toEqual([]);
  expect(points).toBeGreaterThan(0);
  expect(load.ledger.points).toBeGreaterThan(1_000);
  expect([...load.failures.unexpected.values()]).toEqual([]);
  await load.client.close();

  await until(async () => (await whatIsLeft()).length === 0, 30_000).catch(() => undefined);
  expect(await whatIsLeft()).toEqual([]);
  expect(await leftAtRest(before, () => takeSample(server, sql, true))).toEqual([]);
  // The server's own work begins and ends transactions all the time: one that is left over stays.
  await until(async () => (await countOf(`pg_stat_activity WHERE state LIKE 'idle in transaction%'`)) === 0, 10_000);
  await sql.query('VACUUM');
  await until(async () => ((await takeSample(server, sql, false))['dead rows'] ?? 0) < 50, 10_000);
  expect(said.filter((line) => !line.includes('try again shortly'))).toEqual([]);
});

/** What must be empty some days after the last client has gone. */
const LEFT: Readonly<Record<string, string>> = {
  'replies of mutations': 'client_request',
  'changes that no cursor needs': 'change',
  'tokens of trials that ended': `api_key k JOIN trial t ON t.id = k.trial_id WHERE t.ended_at IS NOT NULL`,
  'tokens of nothing': `api_key k WHERE k.trial_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trial t WHERE t.id = k.trial_id)`,
  'runners that no job names': `runner r WHERE NOT EXISTS (SELECT 1 FROM training_job j WHERE j.runner_id = r.id)`,
  'leases that lapsed': `trial_lease WHERE lease_until IS NOT NULL`,
  'artifacts that nobody uploads': `artifact WHERE state = 'PENDING'`,
  'deleted trials': `trial WHERE experiment_id = '${NOBODY}'`,
  'deleted projects': `project WHERE organization_id IS NULL AND id <> '${NOBODY}'`,
  'the log of trials that ended': `metric_segment g JOIN metric_stream s ON s.id = g.stream_id JOIN trial t ON t.id = s.trial_id WHERE t.ended_at IS NOT NULL`,
  'the log beyond twice the tail window': `metric_segment WHERE at < now() - 2 * interval '${timing.tailWindowSeconds + 1} s'`,
  'points that expired': `metric_chunk c JOIN metric_stream s ON s.id = c.stream_id WHERE s.emptied`,
  'points that should expire': `trial t JOIN project p ON p.id = t.project_id WHERE p.metric_retention_days IS NOT NULL AND t.ended_at IS NOT NULL AND t.points_expired_at IS NULL`,
  'lines that should expire': `trial t JOIN project p ON p.id = t.project_id WHERE p.log_retention_days IS NOT NULL AND t.ended_at IS NOT NULL AND t.logs_expired_at IS NULL`,
};

async function whatIsLeft(): Promise<string[]> {
  const left: string[] = [];
  for (const [what, rows] of Object.entries(LEFT)) {
    const n = await countOf(rows);
    if (n > 0) left.push(`${n} rows: ${what}`);
  }
  return left;
}

/** Otherwise nothing would be proved. */
function expectHardWork({ ledger }: Load, before: Sample, under: Sample): void {
  expect(ledger.started).toBeGreaterThan(5);
  expect(ledger.deleted).toBeGreaterThan(0);
  expect(under.connections).toBeGreaterThan(before.connections ?? 0);
  expect(active(under, 'TCPSocketWrap')).toBeGreaterThan(active(before, 'TCPSocketWrap'));
  expect(under['rows of client_request']).toBeGreaterThan(0);
  expect(under['rows of change']).toBeGreaterThan(0);
}

function active(sample: Sample, kind: string): number {
  return sample[`active ${kind}`] ?? 0;
}

async function countOf(rows: string): Promise<number> {
  return (await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${rows}`)).rows[0]?.n ?? Number.NaN;
}
