/**
 * Resident memory of the API's process, at rest some seconds after its start (`--starts`, the median) and at its highest while
 * 32 connections report batches of 1,000 points (`--seconds`); beside a bare node process with graphql, pg and ws that
 * takes the same reports and stores rows on the same cluster.
 */
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../test/support/free-port.js';
import { residentMiB } from '../test/support/process-figures.js';
import { BARE, spawnBare } from './support/bare.js';
import { firstAnswer } from './support/first-answer.js';
import { cost, finish } from './support/result.js';
import { openRows } from './support/row-writer.js';
import { ask, type BenchServer, startBenchServer, startTrials, stopped } from './support/server.js';
import { GraphqlWriter, writeFor } from './support/writers.js';

const { values: flags } = parseArgs({
  options: { starts: { type: 'string', default: '3' }, seconds: { type: 'string', default: '20' } },
});
const STARTS = Number(flags.starts);
const INGEST_MS = 1_000 * Number(flags.seconds);
const REST_MS = 8_000;
const SAMPLE_MS = 50;
const CONNECTIONS = 32;
const SHAPE = { points: 1_000, metrics: 10 };
const QUERY = '{ ok }';

interface Side {
  readonly pid: number;
  readonly url: string;
}

const rest: { own: number[]; theirs: number[] } = { own: [], theirs: [] };
const peak: { own: number[]; theirs: number[] } = { own: [], theirs: [] };
for (let start = 1; start <= STARTS; start++) {
  const server = await startBenchServer();
  try {
    await measure(server, start === STARTS);
  } finally {
    await server.close();
  }
}
finish([
  cost('memory, at rest', rest.own, 'MiB', BARE, rest.theirs),
  cost('memory, under ingest', peak.own, 'MiB', BARE, peak.theirs),
]);

async function measure(server: BenchServer, withIngest: boolean): Promise<void> {
  const rows = await openRows(server.databaseUrl, 1);
  const { url, child } = spawnBare(await freePort(), server.databaseUrl);
  const bare: Side = { url, pid: child.pid ?? 0 };
  try {
    await ask(server, '{ viewer { __typename } }', {});
    await firstAnswer({ child, url }, performance.now(), () => answers(url));
    await setTimeout(REST_MS);
    rest.own.push(residentMiB(server.pid));
    rest.theirs.push(residentMiB(bare.pid));
    if (!withIngest) return;
    peak.own.push(await ingest(server, server));
    peak.theirs.push(await ingest(server, bare));
  } finally {
    await stopped(child);
    await rows.end();
  }
}

/** The highest resident memory while 32 trials of `server` report to `side`. */
async function ingest(server: BenchServer, { pid, url }: Side): Promise<number> {
  const { trials } = await startTrials(server, 'memory', CONNECTIONS);
  const writers = trials.map((trial) => new GraphqlWriter(url, trial, SHAPE));
  let highest = 0;
  const sampling = setInterval(() => {
    highest = Math.max(highest, residentMiB(pid));
  }, SAMPLE_MS);
  try {
    const { perSecond } = await writeFor(writers, INGEST_MS);
    console.error(`${Math.round(perSecond)} points/s, highest ${highest.toFixed(0)} MiB`);
    return highest;
  } finally {
    clearInterval(sampling);
    for (const writer of writers) writer.close();
  }
}

async function answers(url: string): Promise<boolean> {
  const body = JSON.stringify({ query: QUERY });
  const response = await fetch(`${url}/graphql`, { method: 'POST', body });
  return ((await response.json()) as { data?: { ok: boolean } }).data?.ok === true;
}
