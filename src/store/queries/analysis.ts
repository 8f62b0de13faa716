/** What tells whether an experiment looks to its analyses as it did before. */
import type { ExperimentId } from '../../domain/ids.js';
import type { Sql } from '../database.js';

export interface AnalysisState {
  readonly experimentId: ExperimentId;
  /** Advanced by every proposal and every end of a trial. */
  readonly sequence: number;
  /** Fewer than before, where some were deleted. */
  readonly trials: number;
  readonly running: number;
  /** Of the objective, by trials that have not ended. */
  readonly reports: number;
}

/** The states of these experiments; trusts the caller to judge who may see them. O(trials), by index alone. */
export async function listAnalysisStates(sql: Sql, ids: readonly ExperimentId[]): Promise<AnalysisState[]> {
  return sql.query<AnalysisState>(
    `/* analysis.states */
    SELECT e.id AS "experimentId", e.sequence,
      (SELECT count(*) FROM trial t WHERE t.experiment_id = e.id) AS trials,
      (SELECT count(*) FROM trial t WHERE t.experiment_id = e.id AND t.state = 'RUNNING') AS running,
      (SELECT count(*) FROM trial t JOIN trial_report r ON r.trial_id = t.id
        WHERE t.experiment_id = e.id AND t.state IN ('WAITING', 'RUNNING')) AS reports
    FROM experiment e WHERE e.id = ANY ($1::uuid[])`,
    [ids],
  );
}
