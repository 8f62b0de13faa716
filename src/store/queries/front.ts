/** What a Pareto front is made of: the values of ended trials, without all that else is known of them. */
import type { ExperimentId } from '../../domain/ids.js';
import type { TrialState } from '../../domain/trial.js';
import type { Sql } from '../database.js';

export interface EndedValues {
  readonly experimentId: ExperimentId;
  readonly number: number;
  readonly state: TrialState;
  readonly value: number | null;
  readonly objectiveValues: readonly (number | null)[] | null;
  /** Null without bounds. */
  readonly violation: number | null;
  readonly endedSequence: number;
}

/** Up to where the trials of an experiment are known, in its sequence. */
export interface KnownEnds {
  readonly experimentId: ExperimentId;
  readonly sequence: number;
}

/** The next trials that ended after what is known, at most `limit` of each experiment, in the order of ends. Trusts the caller. */
export async function listEndedValues(sql: Sql, known: readonly KnownEnds[], limit: number): Promise<EndedValues[]> {
  return sql.query<EndedValues>(
    `/* front.ended */
    SELECT k.id AS "experimentId", t.number, t.state, t.value, t.objective_values AS "objectiveValues", t.violation,
      t.ended_sequence AS "endedSequence"
    FROM unnest($1::uuid[], $2::int[]) AS k(id, sequence)
    CROSS JOIN LATERAL (SELECT * FROM trial t WHERE t.experiment_id = k.id AND t.ended_sequence > k.sequence
      ORDER BY t.ended_sequence LIMIT $3) t
    ORDER BY k.id, t.ended_sequence`,
    [known.map(({ experimentId }) => experimentId), known.map(({ sequence }) => sequence), limit],
  );
}

/** How many trials have ended up to what is known: fewer than were read mean that some were deleted. */
export async function countEnded(
  sql: Sql,
  known: readonly KnownEnds[],
): Promise<readonly { readonly experimentId: ExperimentId; readonly n: number }[]> {
  return sql.query(
    `/* front.count */
    SELECT k.id AS "experimentId",
      (SELECT count(*) FROM trial t WHERE t.experiment_id = k.id AND t.ended_sequence <= k.sequence)::int AS n
    FROM unnest($1::uuid[], $2::int[]) AS k(id, sequence)`,
    [known.map(({ experimentId }) => experimentId), known.map(({ sequence }) => sequence)],
  );
}
