/**
 * Makes roll-ups anew that a release before wrote: readers decode chunks for want of them. One short transaction each,
 * which holds the row, so that several servers share the work.
 */
import type { Database } from '../../database.js';
import { IS_STALE, readFullChunks, writeRollups } from './grow-rollups.js';
import { growRollup, ROLLUP_CHUNKS } from './rollup.js';

const TAKE_STALE = `/* metric.rollup.stale */
SELECT r.stream_id AS "streamId", r.key_id AS "keyId", r.no, r.chunks FROM metric_rollup r WHERE ${IS_STALE}
ORDER BY r.stream_id, r.key_id, r.no LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** Rebuilds one; false when none is left that another does not work at. */
export async function rebuildRollup(database: Database): Promise<boolean> {
  interface Row {
    readonly streamId: number;
    readonly keyId: number;
    readonly no: number;
    readonly chunks: number;
  }
  return database.transaction(async (tx) => {
    const [row] = await tx.query<Row>(TAKE_STALE);
    if (row === undefined) return false;
    const { streamId, keyId, no } = row;
    const first = ROLLUP_CHUNKS * no;
    const chunks = await readFullChunks(tx, streamId, keyId, first, first + row.chunks);
    await writeRollups(tx, streamId, [{ keyId, rollup: await growRollup(no, null, chunks) }]);
    return true;
  });
}
