/**
 * The rate of ingest into a full store beside that into an empty one. Rounds of both are run in turn, each side first in
 * every other; what a round wrote is deleted after it, so that the full store stays as full as it was and the empty
 * one empty.
 */
import type pg from 'pg';
import { quantile, type Result } from './result.js';
import { type BenchServer, startTrials } from './server.js';
import { GraphqlWriter, writeFor } from './writers.js';

const CONNECTIONS = 32;
const WARM_ROUNDS = 2;
const SHAPE = { points: 1_000, metrics: 10 };

export interface Side {
  readonly server: BenchServer;
  readonly sql: pg.Client;
}

export interface Rounds {
  readonly rounds: number;
  readonly roundMs: number;
}

/** The figure is the median of the ratios of the pairs: 1 when what is stored costs nothing. */
export async function ingestBesideEmpty(
  what: string,
  full: Side,
  empty: Side,
  { rounds, roundMs }: Rounds,
): Promise<Result> {
  const [own, theirs]: [number[], number[]] = [[], []];
  for (let round = -WARM_ROUNDS; round < rounds; round++) {
    const order = round % 2 === 0 ? [full, empty] : [empty, full];
    for (const side of order) {
      const perSecond = await ingest(side, roundMs);
      if (round >= 0) (side === full ? own : theirs).push(perSecond);
    }
  }
  const name = `growth, ingest of ${SHAPE.points} after ${what}`;
  console.error(`${name}: ${own.map(Math.round)} points/s against ${theirs.map(Math.round)}`);
  const ratio = Number(
    quantile(
      own.map((one, i) => one / (theirs[i] as number)),
      0.5,
    ).toPrecision(3),
  );
  return { name, figure: ratio, unit: 'of the rate when empty', rival: 'the rate when empty', rivalFigure: 1, ratio };
}

/** Points per second from 32 connections to trials of their own, which are gone afterwards. */
async function ingest({ server, sql }: Side, roundMs: number): Promise<number> {
  const { experimentId, trials } = await startTrials(server, 'rounds', CONNECTIONS);
  const writers = trials.map((trial) => new GraphqlWriter(server.url, trial, SHAPE));
  await sql.query('CHECKPOINT'); // else that of one side would fall into the rounds of the other
  const { perSecond } = await writeFor(writers, roundMs);
  for (const writer of writers) writer.close();
  await sql.query('DELETE FROM trial WHERE experiment_id = $1', [experimentId]);
  await sql.query('VACUUM metric_segment');
  return perSecond;
}
