/**
 * Durable points per second through GraphQL over HTTP, with login, fencing and summaries, from 32 connections; beside
 * the same rows written by `INSERT … SELECT unnest` straight through pg on the same cluster, 32 connections, one commit
 * per batch. A batch holds 10 steps of as many metrics as fill it, or 100 of ten for the largest.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import pg from 'pg';
import { finish, quantile, type Result, rate } from './support/result.js';
import { ask, type BenchServer, type BenchTrial, startBenchServer, startTrials } from './support/server.js';

const CONNECTIONS = 32;
const WARM_MS = 2_000;
const ROUND_MS = 4_000;
const ROUNDS = 3;
/** Points per batch, and metrics among which they are shared. */
const SHAPES = [
  { points: 10, metrics: 1 },
  { points: 100, metrics: 10 },
  { points: 1_000, metrics: 10 },
] as const;

interface Shape {
  readonly points: number;
  readonly metrics: number;
}

const REPORT =
  'mutation Report($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome nextSeq verdict { stop reason } } }';

/** Rounds of ours and the rival's in turn, so that a noisy neighbour meets both; the medians are compared. */
async function compare(bench: BenchServer, rival: pg.Pool, shape: Shape): Promise<Result> {
  const { experimentId, trials } = await startTrials(bench, `ingest-${shape.points}`, CONNECTIONS);
  const writers = trials.map((trial) => new GraphqlWriter(bench.url, trial, shape));
  const rows = trials.map(() => new RowWriter(rival, shape));
  await measure(writers, WARM_MS);
  await measure(rows, WARM_MS);
  const [own, theirs, latencies]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await measure(writers, ROUND_MS);
    own.push(ours.perSecond);
    latencies.push(...ours.latencies);
    theirs.push((await measure(rows, ROUND_MS)).perSecond);
  }
  for (const writer of writers) writer.close();
  await checkStored(bench, experimentId, writers);
  console.error(
    `batches of ${shape.points}: ack p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(1)} ms; rounds ${own.map(Math.round)} against ${theirs.map(Math.round)}`,
  );
  return rate(
    `ingest, batches of ${shape.points} points`,
    quantile(own, 0.5),
    'points/s',
    'INSERT … SELECT unnest through pg',
    quantile(theirs, 0.5),
  );
}

interface Writer {
  /** Writes one batch durably; says how many points. */
  write(): Promise<number>;
}

async function measure(
  writers: readonly Writer[],
  ms: number,
): Promise<{ perSecond: number; latencies: readonly number[] }> {
  const startedMs = performance.now();
  const latencies: number[] = [];
  const counts = await Promise.all(
    writers.map(async (writer) => {
      let points = 0;
      while (performance.now() - startedMs < ms) {
        const sentMs = performance.now();
        points += await writer.write();
        latencies.push(performance.now() - sentMs);
      }
      return points;
    }),
  );
  const seconds = (performance.now() - startedMs) / 1_000;
  return { perSecond: counts.reduce((sum, n) => sum + n, 0) / seconds, latencies };
}

/** One SDK: a connection of its own, batches of base64 columns, the next only after the ack. */
class GraphqlWriter implements Writer {
  acknowledged = 0;
  private step = 0;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  private readonly stream = randomUUID();
  private readonly url: string;
  private readonly trial: BenchTrial;
  private readonly shape: Shape;

  constructor(url: string, trial: BenchTrial, shape: Shape) {
    this.url = `${url}/graphql`;
    this.trial = trial;
    this.shape = shape;
  }

  async write(): Promise<number> {
    const { points, metrics } = this.shape;
    const input = {
      trialId: this.trial.id,
      attempt: this.trial.attempt,
      stream: this.stream,
      seq: this.acknowledged,
      series: columnsOf(this.shape, this.step).map(({ key, steps, times, values }) => ({
        key,
        steps: base64(steps),
        times: base64(times),
        values: base64(values),
      })),
    };
    const answer = await this.post(JSON.stringify({ query: REPORT, variables: { input } }));
    const report = (JSON.parse(answer) as { data?: { reportMetrics: { outcome: string; nextSeq: number } } }).data
      ?.reportMetrics;
    if (report?.outcome !== 'ACCEPTED') throw new Error(`refused: ${answer}`);
    this.acknowledged = report.nextSeq;
    this.step += points / metrics;
    return points;
  }

  close(): void {
    this.agent.destroy();
  }

  private post(body: string): Promise<string> {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${this.trial.token}`,
    };
    return new Promise((resolve, reject) => {
      const request = http.request(this.url, { method: 'POST', agent: this.agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

const INSERT = `INSERT INTO bench_point (trial_id, seq, key_id, step, time, value)
SELECT $1, $2 + i - 1, key_id, step, time, value
FROM unnest($3::int[], $4::bigint[], $5::float8[], $6::float8[]) WITH ORDINALITY AS p(key_id, step, time, value, i)`;

/** The rival: the same points as rows with the primary key that makes a retry safe, nothing else. */
class RowWriter implements Writer {
  private seq = 0;
  private step = 0;
  private readonly trialId = randomUUID();
  private readonly pool: pg.Pool;
  private readonly shape: Shape;

  constructor(pool: pg.Pool, shape: Shape) {
    this.pool = pool;
    this.shape = shape;
  }

  async write(): Promise<number> {
    const { points, metrics } = this.shape;
    const columns = columnsOf(this.shape, this.step);
    const values = [
      this.trialId,
      this.seq,
      literal(columns.flatMap(({ steps }, key) => Array.from(steps, () => key))),
      literal(columns.flatMap(({ steps }) => [...steps])),
      literal(columns.flatMap(({ times }) => [...times])),
      literal(columns.flatMap((own) => [...own.values])),
    ];
    await this.pool.query({ name: 'bench.insert', text: INSERT, values });
    this.seq += points;
    this.step += points / metrics;
    return points;
  }
}

async function openRival(url: string): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  pool.on('error', () => undefined); // the cluster goes before the pool when a run fails
  await pool.query(
    `CREATE TABLE bench_point (trial_id uuid NOT NULL, seq bigint NOT NULL, key_id integer NOT NULL, step bigint NOT NULL,
time float8 NOT NULL, value float8 NOT NULL, PRIMARY KEY (trial_id, seq))`,
  );
  return pool;
}

/** What was acknowledged is what is stored: a fast store that loses points has no figure. */
async function checkStored(bench: BenchServer, experimentId: string, writers: readonly GraphqlWriter[]): Promise<void> {
  interface Answer {
    readonly trials: { readonly nodes: readonly { readonly summary: readonly { readonly count: number }[] }[] };
  }
  const query = 'query ($id: ID!) { trials(experimentId: $id, first: 100) { nodes { summary { count } } } }';
  const { trials } = await ask<Answer>(bench, query, { id: experimentId });
  const stored = trials.nodes.flatMap(({ summary }) => summary).reduce((sum, { count }) => sum + count, 0);
  const acknowledged = writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
  if (stored !== acknowledged) throw new Error(`${acknowledged} points were acknowledged, ${stored} are stored`);
}

function columnsOf({ points, metrics }: Shape, from: number) {
  const n = points / metrics;
  const steps = Float64Array.from({ length: n }, (_, i) => from + i);
  const times = Float64Array.from({ length: n }, () => Date.now() / 1_000);
  return Array.from({ length: metrics }, (_, i) => ({
    key: `metric-${i}`,
    steps,
    times,
    values: Float64Array.from({ length: n }, () => Math.random()),
  }));
}

function base64(column: Float64Array): string {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64');
}

/** As fast as an array parameter gets: the driver's own way quotes every element. */
function literal(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}

const server = await startBenchServer();
try {
  const rival = await openRival(server.databaseUrl);
  const results: Result[] = [];
  for (const shape of SHAPES) results.push(await compare(server, rival, shape));
  await rival.end();
  await server.close();
  finish(results);
} catch (error) {
  await server.close();
  throw error;
}
