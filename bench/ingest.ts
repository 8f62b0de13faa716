/**
 * Durable points per second through GraphQL over HTTP, with login, fencing and summaries, from 32 connections, and the
 * processor time that a point costs the API and Postgres together; beside the same rows written by
 * `INSERT … SELECT unnest` straight through pg on the same cluster, 32 connections, one commit per batch, whose
 * processor time is that of Postgres alone. A batch holds 10 steps of as many metrics as fill it, or 100 of ten for the
 * largest.
 */
import { parseArgs } from 'node:util';
import type pg from 'pg';
import type { Shape } from './support/columns.js';
import { cpuSeconds } from './support/cpu.js';
import { cost, finish, quantile, type Result, rate } from './support/result.js';
import { openRows, RowWriter } from './support/row-writer.js';
import { ask, type BenchServer, startBenchServer, startTrials } from './support/server.js';
import { GraphqlWriter, type Writer, type Written, writeFor } from './support/writers.js';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, 'round-ms': { type: 'string', default: '4000' } },
});
const CONNECTIONS = 32;
const WARM_MS = 2_000;
const ROUND_MS = Number(flags['round-ms']);
const ROUNDS = Number(flags.rounds);
const RIVAL = 'INSERT … SELECT unnest through pg';
const SHAPES = [
  { points: 10, metrics: 1 },
  { points: 100, metrics: 10 },
  { points: 1_000, metrics: 10 },
] as const;

interface Round extends Written {
  /** Microseconds of processor time per point. */
  readonly api: number;
  readonly postgres: number;
}

/** Rounds of ours and the rival's in turn, so that a noisy neighbour meets both. */
async function compare(bench: BenchServer, rival: pg.Pool, shape: Shape): Promise<Result[]> {
  const { experimentId, trials } = await startTrials(bench, `ingest-${shape.points}`, CONNECTIONS);
  const writers = trials.map((trial) => new GraphqlWriter(bench.url, trial, shape));
  const rows = trials.map(() => new RowWriter(rival, shape));
  await writeFor(writers, WARM_MS);
  await writeFor(rows, WARM_MS);
  const [own, theirs]: [Round[], Round[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(await measure(bench, writers));
    theirs.push(await measure(bench, rows));
  }
  for (const writer of writers) writer.close();
  await checkStored(bench, experimentId, writers);
  const latencies = own.flatMap((round) => round.latencies);
  const middle = (rounds: readonly Round[], of: (round: Round) => number) => quantile(rounds.map(of), 0.5).toFixed(2);
  console.error(
    `batches of ${shape.points}: ack p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(1)} ms; CPU a point: API ${middle(own, ({ api }) => api)} µs, Postgres ${middle(own, ({ postgres }) => postgres)} µs; rounds ${own.map(({ perSecond }) => Math.round(perSecond))} against ${theirs.map(({ perSecond }) => Math.round(perSecond))}`,
  );
  const speeds = (rounds: readonly Round[]) => rounds.map(({ perSecond }) => perSecond);
  const name = `ingest, batches of ${shape.points} points`;
  return [
    rate(name, speeds(own), 'points/s', RIVAL, speeds(theirs)),
    cost(
      `${name}, CPU`,
      own.map(({ api, postgres }) => api + postgres),
      'µs/point',
      `${RIVAL}, Postgres alone`,
      theirs.map(({ postgres }) => postgres),
    ),
  ];
}

async function measure(bench: BenchServer, writers: readonly Writer[]): Promise<Round> {
  const [api, postgres] = [cpuSeconds(bench.pid), cpuSeconds(bench.postgresPid)];
  const written = await writeFor(writers, ROUND_MS);
  const perPoint = (seconds: number) => (seconds * 1e6) / written.points;
  return {
    ...written,
    api: perPoint(cpuSeconds(bench.pid) - api),
    postgres: perPoint(cpuSeconds(bench.postgresPid) - postgres),
  };
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

const server = await startBenchServer();
try {
  const rival = await openRows(server.databaseUrl, CONNECTIONS);
  const results: Result[] = [];
  for (const shape of SHAPES) results.push(...(await compare(server, rival, shape)));
  await rival.end();
  await server.close();
  finish(results);
} catch (error) {
  await server.close();
  throw error;
}
