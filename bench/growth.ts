/**
 * How costs grow with what is stored: the rate of ingest, charts, disk and memory with 10^4 to 10^6 points (`--points`),
 * the rate of ingest and a page of the trials table with 10^2 to 10^4 trials (`--trials`). Each number of points has a server
 * of its own, filled through the API and compacted (`support/fill-points.ts`); one that stays empty runs beside it. Of
 * ingest and the table, growth itself is the rival: the rate when empty, the page of the fewest trials. Charts stand beside
 * rows, of which no more than 10^7 are made: `>` where the store has more. Draws results/growth.svg.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { residentMiB } from '../test/support/process-figures.js';
import { makeChartRows } from './support/chart-rows.js';
import { fillPoints } from './support/fill-points.js';
import { fillTrials } from './support/fill-trials.js';
import { ingestBesideEmpty, type Side } from './support/ingest-beside-empty.js';
import { type Panel, plot, slope } from './support/plot.js';
import { cost, finish, latency, quantile, type Result, size } from './support/result.js';
import { ask, type BenchServer, type BenchTrial, startBenchServer, startTrials } from './support/server.js';

const { values: flags } = parseArgs({
  options: {
    points: { type: 'string', default: '1e4,1e5,1e6' },
    trials: { type: 'string', default: '1e2,1e3,1e4' },
    rounds: { type: 'string', default: '7' },
    'round-ms': { type: 'string', default: '2000' },
  },
});
const ROUNDS = { rounds: Number(flags.rounds), roundMs: Number(flags['round-ms']) };
const MOST_ROWS = 1e7;
const CHARTS = 9;
const PAGES = 40;
/** Before figures count: a new server has its code compiled first. */
const WARM_CHARTS = 6;
const WARM_PAGES = 30;
const COLUMNS = 20;
const SERIES =
  'query ($ids: [ID!]) { series(trialIds: $ids, keys: ["loss"], maxPoints: 1000) { series { count steps values min max mean counts nonFinite } } }';
/** The filter leaves more than a page of a hundred trials. */
const PAGE = `query ($id: ID!) { trials(experimentId: $id, first: 50, where: "metrics.metric-3.max > 0.2",
  orderBy: { by: METRIC_MAX, key: "metric-3", direction: DESC }) {
    nodes { id number state value params tags } summary { key count last min max mean } pageInfo { endCursor hasNextPage } } }`;
const SIZES = `SELECT (pg_total_relation_size('metric_chunk') + pg_total_relation_size('metric_rollup'))::float8 AS bytes`;

/** The lines of the plot: what is measured, and its figure at each size. */
type Lines = Map<string, [number, number][]>;
const byPoints: Lines = new Map();
const byTrials: Lines = new Map();
const note = (lines: Lines, label: string, at: number, figure: number) => {
  lines.set(label, [...(lines.get(label) ?? []), [at, figure]]);
};

async function withPoints(empty: Side, n: number): Promise<Result[]> {
  const full = await open();
  try {
    const { points, long, crowd, crowdSteps } = await fillPoints(full.server, full.sql, n);
    const { rows: sizes } = await full.sql.query<{ bytes: number }>(SIZES);
    const bytes = (sizes[0]?.bytes ?? Number.NaN) / points;
    const rows = await makeChartRows(full.sql, Math.min(n, MOST_ROWS));
    const rival = `GROUP BY over ${exp(Math.min(n, MOST_ROWS))} rows`;
    const chart = async (label: string, trials: readonly BenchTrial[], steps: number, theirs: () => Promise<void>) => {
      const figures = await compareCharts(full.server, trials, steps, theirs);
      note(byPoints, label, n, quantile(figures.own, 0.5));
      const name = `growth, ${trials.length === 1 ? 'a series' : `${trials.length} series`} of ${exp(steps)} steps`;
      const result = latency(name, figures.own, rival, figures.theirs);
      return n > MOST_ROWS ? { ...result, rivalStopped: true as const } : result;
    };
    const results = [
      size(`growth, disk of ${exp(n)} points`, bytes, 'the rows with their index', rows.bytesPerPoint),
      await chart('chart of one series of all points', [long], n, rows.long),
      await chart('chart of 100 series that share them', crowd, crowdSteps, rows.crowd),
    ];
    await rows.drop();
    note(byPoints, 'disk per point', n, bytes);
    const rate = await ingestBesideEmpty(`${exp(n)} points`, full, empty, ROUNDS);
    note(byPoints, 'rate of ingest beside empty', n, rate.figure);
    const [own, theirs] = [residentMiB(full.server.pid), residentMiB(empty.server.pid)];
    note(byPoints, 'API memory', n, own);
    return [...results, rate, cost(`growth, memory after ${exp(n)} points`, own, 'MiB', 'empty', theirs)];
  } finally {
    await close(full);
  }
}

/** Milliseconds of ours and the rival's in turn; ours are checked to hold every point. */
async function compareCharts(
  server: BenchServer,
  trials: readonly BenchTrial[],
  steps: number,
  rival: () => Promise<void>,
): Promise<{ own: number[]; theirs: number[] }> {
  interface Answer {
    readonly series: { readonly series: readonly { readonly count: number }[] };
  }
  const ids = trials.map(({ id }) => id);
  const [own, theirs]: [number[], number[]] = [[], []];
  for (let i = -WARM_CHARTS; i < CHARTS; i++) {
    const startedMs = performance.now();
    const { series } = (await ask<Answer>(server, SERIES, { ids })).series;
    if (i >= 0) own.push(performance.now() - startedMs);
    if (series.length !== ids.length || series.some(({ count }) => count !== steps))
      throw new Error(`${series.length} series of ${series[0]?.count} points came of ${ids.length} of ${steps}`);
    if (i < -1 || (theirs[0] ?? 0) > 1_000) continue; // a slow one is not asked again
    const middleMs = performance.now();
    await rival();
    if (i >= 0) theirs.push(performance.now() - middleMs);
  }
  return { own, theirs };
}

/** One server for all numbers of trials: each has an experiment of its own beside the smaller ones. */
async function withTrials(empty: Side, counts: readonly number[]): Promise<Result[]> {
  const full = await open();
  const results: Result[] = [];
  const first = counts[0] ?? 0;
  let firstMs = Number.NaN;
  try {
    for (const count of counts) {
      const startedMs = performance.now();
      const { experimentId } = await startTrials(full.server, `table-${count}`, 1);
      await fillTrials(full.sql, { experimentId, trials: count, params: COLUMNS, metrics: COLUMNS });
      await full.sql.query('RESET session_replication_role'); // rounds of ingest are deleted with all that is theirs
      console.error(`${exp(count)} trials made in ${Math.round((performance.now() - startedMs) / 1_000)} s`);
      const ms = await pageMs(full.server, experimentId);
      if (count === first) firstMs = ms;
      note(byTrials, 'page of 50 trials, filtered and sorted', count, ms);
      const rate = await ingestBesideEmpty(`${exp(count)} trials`, full, empty, ROUNDS);
      note(byTrials, 'rate of ingest beside empty', count, rate.figure);
      results.push(
        latency(`growth, trials table of ${exp(count)}, p50`, ms, `the page of ${exp(first)} trials`, firstMs),
        rate,
      );
    }
    return results;
  } finally {
    await close(full);
  }
}

async function pageMs(server: BenchServer, id: string): Promise<number> {
  const taken: number[] = [];
  for (let i = -WARM_PAGES; i < PAGES; i++) {
    const startedMs = performance.now();
    const { trials } = await ask<{ trials: { nodes: unknown[] } }>(server, PAGE, { id });
    if (trials.nodes.length !== 50) throw new Error(`a page held ${trials.nodes.length} trials`);
    if (i >= 0) taken.push(performance.now() - startedMs);
  }
  return quantile(taken, 0.5);
}

async function open(): Promise<Side> {
  const server = await startBenchServer();
  const sql = new pg.Client({ connectionString: server.databaseUrl });
  sql.on('error', () => undefined); // the cluster goes before the connection when a run fails
  await sql.connect();
  return { server, sql };
}

async function close({ server, sql }: Side): Promise<void> {
  await sql.end();
  await server.close();
}

/** 1e6, whatever Number makes of it. */
function exp(n: number): string {
  return n.toExponential().replace('+', '');
}

function panel(title: string, x: string, lines: Lines): Panel {
  return { title, x, lines: [...lines].map(([label, points]) => ({ label, points })) };
}

const numbers = (text: string) => text.split(',').filter(Boolean).map(Number);
const results: Result[] = [];
const empty = await open();
try {
  for (const n of numbers(flags.points)) {
    console.error(`\n${exp(n)} points`);
    results.push(...(await withPoints(empty, n)));
  }
  const counts = numbers(flags.trials);
  if (counts.length > 0) results.push(...(await withTrials(empty, counts)));
} finally {
  await close(empty);
}
for (const [label, points] of [...byPoints, ...byTrials])
  console.error(
    `${label}: ${points.map(([x, y]) => `${exp(x)} ${y.toPrecision(3)}`).join(', ')}; slope ${slope(points).toFixed(3)}`,
  );
const panels = [
  panel('Growth with points, beside the fewest', 'points in one series, and as many in a hundred', byPoints),
  panel('Growth with trials, beside the fewest', 'trials of 20 params and 20 metrics', byTrials),
];
const folder = path.join(import.meta.dirname, 'results');
mkdirSync(folder, { recursive: true });
writeFileSync(path.join(folder, 'growth.svg'), plot(panels.filter(({ lines }) => lines.length > 0)));
finish(results);
