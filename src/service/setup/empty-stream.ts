/** Work that removes much in steps that are short: each is a transaction of its own, taken by one server at a time. */
import type { Sql } from '../../store/database.js';
import { deleteOfStream, type StreamTable, takePurgeTurn } from '../../store/queries/purge.js';
import type { Deps } from '../deps.js';

/** Runs one short transaction. */
export type Step = <Result>(work: (tx: Sql) => Promise<Result>) => Promise<Result>;

/** Thrown to leave from any depth when the time is over or another server has the turn. */
export const LATER = new Error('purge later');

/** Rows of some kilobytes each: a step takes milliseconds. */
const HEAVY_AT_ONCE = 500;

const TABLES: Readonly<Record<'metric_stream' | 'log_stream', readonly StreamTable[]>> = {
  // Segments first: once there are none, compaction cannot make chunks of them any more.
  metric_stream: ['metric_segment', 'metric_rollup', 'metric_chunk'],
  log_stream: ['log_segment'],
};

/** Steps until `maxMs` are over. */
export function stepsFor(deps: Deps, maxMs: number): Step {
  const until = deps.clock.monotonicMs() + maxMs;
  return async (work) => {
    if (deps.clock.monotonicMs() >= until) throw LATER;
    return deps.database.transaction(async (tx) => {
      if (!(await takePurgeTurn(tx))) throw LATER;
      return work(tx);
    });
  };
}

/** Deletes what a stream holds; the row that says where it stands is kept. */
export async function emptyStream(step: Step, of: 'metric_stream' | 'log_stream', id: number): Promise<void> {
  for (const table of TABLES[of])
    await inSteps(step, HEAVY_AT_ONCE, (tx, limit) => deleteOfStream(tx, table, id, limit));
}

/** Repeats `some` until it finds less than it may take. */
export async function inSteps(
  step: Step,
  atOnce: number,
  some: (tx: Sql, limit: number) => Promise<number>,
): Promise<void> {
  while ((await step((tx) => some(tx, atOnce))) === atOnce);
}
