/** How the newest trials of an experiment ended: what decides whether it goes on failing. */
import type { ExperimentId } from '../../domain/ids.js';
import type { FailureCause, TrialState } from '../../domain/trial.js';
import type { Sql } from '../database.js';

export interface TrialEnd {
  readonly number: number;
  readonly state: TrialState;
  readonly cause: FailureCause | null;
  readonly message: string | null;
}

/** The last `limit` trials to end since somebody let the experiment go on, newest first. */
export async function listLastEnds(sql: Sql, experimentId: ExperimentId, limit: number): Promise<TrialEnd[]> {
  return sql.query<TrialEnd>(
    `/* failures.last-ends */
    SELECT t.number, t.state, t.cause, t.message FROM trial t
    WHERE t.experiment_id = $1 AND t.ended_sequence > (SELECT e.failures_from FROM experiment e WHERE e.id = $1)
    ORDER BY t.ended_sequence DESC LIMIT $2`,
    [experimentId, limit],
  );
}
