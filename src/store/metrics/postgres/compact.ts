/**
 * The background work of the store: finds streams whose log is due and moves them, a few at a time, for a bounded
 * time. A loose scan of the log's index finds them, so that its cost follows the streams that have a log and not those
 * that ever were.
 */
import type { Database, Sql } from '../../database.js';
import type { CompactOptions, CompactResult } from '../metric-store.js';
import { compactStream, type DueStream } from './compact-stream.js';
import { rebuildRollup } from './rebuild-rollups.js';

const STREAMS_AT_ONCE = 500;
/** Streams under way: most are short, and then the time goes into waiting for Postgres. */
const LANES = 3;
/** Points beyond the tail window that make a running trial due; fewer wait until the oldest is two windows old. */
const ENOUGH_POINTS = 50_000;

// Due: all of a trial that ended or of an attempt that was superseded; of others what is older than the tail window.
const DUE = `/* metric.compact.due */
WITH RECURSIVE logs AS (
  (SELECT stream_id, seq, at FROM metric_segment WHERE stream_id > $1 ORDER BY stream_id, seq LIMIT 1)
  UNION ALL
  SELECT g.stream_id, g.seq, g.at FROM logs
  CROSS JOIN LATERAL (SELECT stream_id, seq, at FROM metric_segment WHERE stream_id > logs.stream_id ORDER BY stream_id, seq LIMIT 1) g),
found AS MATERIALIZED (SELECT * FROM logs LIMIT ${STREAMS_AT_ONCE}),
moment AS (SELECT clock_timestamp() - $2 * interval '1 millisecond' AS cutoff, $2 * interval '1 millisecond' AS window_length),
streams AS (
  SELECT f.stream_id, f.seq, f.at, m.cutoff, m.window_length,
    t.ended_at IS NOT NULL OR coalesce(l.attempt > s.attempt, false) AS over
  FROM found f CROSS JOIN moment m JOIN metric_stream s ON s.id = f.stream_id JOIN trial t ON t.id = s.trial_id
  LEFT JOIN trial_lease l ON l.trial_id = t.id)
SELECT stream_id AS id, seq AS first, over AS "isOver",
  over OR at <= cutoff - window_length OR coalesce((SELECT g.at <= cutoff FROM metric_segment g
    WHERE g.stream_id = streams.stream_id AND g.seq >= streams.seq + ${ENOUGH_POINTS} ORDER BY g.seq LIMIT 1), false) AS "isDue"
FROM streams ORDER BY stream_id`;

export class Compactor {
  private readonly database: Database;
  /** Where the scan goes on, so that every stream has its turn. */
  private after = 0;
  /** Of the first stream of this scan that could not be moved. */
  private failure: unknown = null;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * Moves what is due, then rebuilds roll-ups of releases before, until `maxMs` are over or nothing is left; says whether
   * something may be. A stream that cannot be moved stays in the log and costs the others nothing: what was wrong with the
   * first of them is thrown when the scan is over.
   */
  async run({ tailWindowMs, maxMs }: CompactOptions): Promise<CompactResult> {
    const startedMs = performance.now();
    const isLate = () => performance.now() - startedMs >= maxMs;
    let points = 0;
    for (;;) {
      const { due, last } = await findDue(this.database.read, this.after, tailWindowMs);
      const moved = await this.moveAll(due, isLate);
      points += moved.points;
      if (moved.left > 0) return { points, more: true };
      this.after = last;
      if (last === 0) break;
      if (isLate()) return { points, more: true };
    }
    const more = await this.rebuild(isLate);
    this.throwFailure();
    return { points, more };
  }

  /** Takes the streams in order until it is late; says how many it did not get to. */
  private async moveAll(due: readonly DueStream[], isLate: () => boolean): Promise<{ points: number; left: number }> {
    let [points, taken] = [0, 0];
    const lane = async (): Promise<void> => {
      for (let stream = due[taken]; stream !== undefined && !isLate(); stream = due[taken]) {
        taken += 1;
        this.after = stream.id; // first, so that one that fails does not hold up those behind it
        const moved = await this.drain(stream, isLate).catch((error: unknown) => {
          this.failure ??= error;
          return 0;
        });
        points += moved; // not in one expression with the wait: another lane adds meanwhile
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return { points, left: due.length - taken };
  }

  /** Makes roll-ups of releases before anew; says whether some may be left. */
  private async rebuild(isLate: () => boolean): Promise<boolean> {
    while (await rebuildRollup(this.database)) if (isLate()) return true;
    return false;
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
  }

  private async drain(stream: DueStream, isLate: () => boolean): Promise<number> {
    let first = stream.first;
    for (;;) {
      const moved = await compactStream(this.database, { ...stream, first });
      first += moved;
      if (moved === 0 || isLate()) return first - stream.first;
    }
  }
}

/** Streams with a log after `after` that are due, and where the next scan begins: 0 at the end. */
async function findDue(
  sql: Sql,
  after: number,
  tailWindowMs: number,
): Promise<{ due: readonly DueStream[]; last: number }> {
  interface Row {
    readonly id: number;
    readonly first: number;
    readonly isOver: boolean;
    readonly isDue: boolean;
  }
  const rows = await sql.query<Row>(DUE, [after, tailWindowMs]);
  const due = rows.flatMap(({ id, first, isOver, isDue }) =>
    isDue ? [{ id, first, isOver, tailMs: isOver ? 0 : tailWindowMs }] : [],
  );
  return { due, last: rows.length < STREAMS_AT_ONCE ? 0 : (rows.at(-1)?.id ?? 0) };
}
