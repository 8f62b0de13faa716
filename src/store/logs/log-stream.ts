/** Where a stream of log lines stands, and where a reader of it goes on. */
import type { Sql } from '../database.js';
import { decodePositions, expired, invalid } from '../streams/positions.js';
import type { LogQuery } from './log-store.js';

export interface StreamEnd {
  readonly id: number;
  readonly nextSeq: number;
  /** Whether its lines are kept no longer. */
  readonly expired: boolean;
}

/** Of a stream `s`: its trial was not deleted, nor what the trial is in. */
export const VISIBLE = `EXISTS (SELECT 1 FROM trial t JOIN experiment e ON e.id = t.experiment_id AND e.project_id = t.project_id
  JOIN project p ON p.id = e.project_id AND p.organization_id IS NOT NULL WHERE t.id = s.trial_id)`;

/** Undefined: nothing was written to it yet. */
export async function findStream(
  sql: Sql,
  { trialId, attempt, stream }: Pick<LogQuery, 'trialId' | 'attempt' | 'stream'>,
): Promise<StreamEnd | undefined> {
  const [found] = await sql.query<StreamEnd>(
    `/* log.stream */ SELECT id, next_seq AS "nextSeq", emptied IS NOT NULL AS expired FROM log_stream s
WHERE trial_id = $1 AND attempt = $2 AND name = $3 AND ${VISIBLE}`,
    [trialId, attempt, stream],
  );
  return found;
}

/** The line that a cursor of this stream points at; 0 without one. @throws CURSOR_INVALID, CURSOR_EXPIRED */
export function seqAfter(after: string | null, generation: string, stream: StreamEnd | undefined): number {
  if (after === null) return 0;
  const positions = decodePositions('log', generation, after);
  if (positions.size === 0) return 0; // made before the stream began
  const [[id, seq] = [0, 0]] = [...positions];
  if (positions.size > 1 || (stream !== undefined && stream.id !== id)) throw invalid();
  if (stream === undefined || seq > stream.nextSeq) throw expired();
  return seq;
}
