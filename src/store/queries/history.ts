/** What samplers and pruners may know: trials with their reports of the objective, as columns. */
import type { Search } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { FailureCause, Params, StopReason, TrialState } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { SEARCH_COLUMN } from './experiment.js';

export interface HistoryRow {
  readonly id: TrialId;
  readonly number: number;
  readonly params: Params;
  readonly state: TrialState;
  readonly cause: FailureCause | null;
  readonly value: number | null;
  /** Of several objectives, none missing once it is COMPLETED. */
  readonly objectiveValues: readonly number[] | null;
  readonly constraintValues: readonly number[] | null;
  readonly proposedBy: string;
  readonly askedAt: number;
  readonly endedSequence: number | null;
  /** From its first start to its end, by the database's clock, and not while it was paused; null while it has not both. */
  readonly seconds: number | null;
  readonly pausedAt: readonly number[];
  readonly resumedAt: readonly number[];
  readonly parentNumber: number | null;
}

/** A trial that was paused did not train meanwhile: of it the attempts count. */
const SECONDS = `CASE WHEN cardinality(t.paused_at) = 0 THEN extract(epoch FROM t.ended_at - t.started_at)::float8
      WHEN t.ended_at IS NOT NULL THEN (SELECT extract(epoch FROM sum(j.ended_at - j.started_at))::float8
        FROM training_job j WHERE j.trial_id = t.id) END`;

/** Trials of an experiment, by number, but for those that ended up to `knownSequence`. */
export async function listHistoryTrials(
  sql: Sql,
  experimentId: ExperimentId,
  knownSequence: number,
): Promise<HistoryRow[]> {
  return sql.query<HistoryRow>(
    `/* history.trials */
    SELECT t.id, t.number, t.params, t.state, t.cause, t.value, t.objective_values AS "objectiveValues",
      t.constraint_values AS "constraintValues", t.proposed_by AS "proposedBy", t.asked_at AS "askedAt",
      t.ended_sequence AS "endedSequence", ${SECONDS} AS seconds,
      t.paused_at AS "pausedAt", t.resumed_at AS "resumedAt", t.parent_number AS "parentNumber"
    FROM trial t WHERE t.experiment_id = $1 AND (t.ended_sequence IS NULL OR t.ended_sequence > $2) ORDER BY t.number`,
    [experimentId, knownSequence],
  );
}

/** How many trials that ended up to `knownSequence` there are: fewer than were known means that some were deleted. */
export async function countHistoryTrials(sql: Sql, experimentId: ExperimentId, knownSequence: number): Promise<number> {
  const rows = await sql.query<{ n: number }>(
    `/* history.count-trials */ SELECT count(*) AS n FROM trial t WHERE t.experiment_id = $1 AND t.ended_sequence <= $2`,
    [experimentId, knownSequence],
  );
  return rows[0]?.n ?? 0;
}

/** Position of a report that no proposal, and not the end of its trial, has seen: the largest that the column holds. */
export const UNSEEN = 2_147_483_647;

/**
 * Says of reports that are there now, and that nobody has seen, that they came before the next position: what a decision under
 * the experiment's lock sees is what replay shows it. Reports are stored without that lock, so that they never wait; they
 * take their place when they are first seen. `trialId`: only of this trial, whose lease is locked. Call with the experiment locked.
 *
 * Rows are locked in the order in which ingest stores them. A batch that reports one of them again does wait, for the moment that
 * ingest waits for any lock, and is then refused with OVERLOADED: whoever sends it again after the decision is let in.
 */
export async function stampReports(tx: Sql, experimentId: ExperimentId, trialId: TrialId | null): Promise<void> {
  await tx.query(
    `/* history.stamp-reports */
    WITH seen AS (
      SELECT r.trial_id, r.attempt, r.step FROM trial_report r
      WHERE r.experiment_id = $1 AND r.position = ${UNSEEN} AND ($2::uuid IS NULL OR r.trial_id = $2)
      ORDER BY r.trial_id, r.attempt, r.step FOR NO KEY UPDATE)
    UPDATE trial_report r SET position = e.sequence FROM experiment e, seen
    WHERE e.id = $1 AND r.trial_id = seen.trial_id AND r.attempt = seen.attempt AND r.step = seen.step`,
    [experimentId, trialId],
  );
}

export interface ReportColumns {
  readonly trialId: TrialId;
  readonly steps: readonly number[];
  readonly values: readonly number[];
  readonly positions: readonly number[];
}

/**
 * Reports of these trials in order of arrival, with those that are unseen or without; a trial without any is left out. What
 * came after its end is not known, nor what came while it was paused: it stays as it paused.
 */
export async function listReports(
  sql: Sql,
  trialIds: readonly TrialId[],
  options: { readonly unseen: boolean },
): Promise<ReportColumns[]> {
  return sql.query<ReportColumns>(
    `/* history.reports */
    SELECT r.trial_id AS "trialId",
      array_agg(r.step ORDER BY r.position, r.attempt, r.step) AS steps,
      array_agg(r.value ORDER BY r.position, r.attempt, r.step) AS values,
      array_agg(r.position ORDER BY r.position, r.attempt, r.step) AS positions
    FROM trial_report r JOIN trial t ON t.id = r.trial_id
    WHERE r.trial_id = ANY ($1::uuid[])
      AND CASE WHEN t.ended_sequence IS NULL THEN $2 OR r.position < ${UNSEEN} ELSE r.position < t.ended_sequence END
      AND (cardinality(t.paused_at) = 0 OR NOT EXISTS (
        SELECT 1 FROM unnest(t.paused_at, t.resumed_at) AS pause (since, until)
        WHERE r.position >= pause.since AND (pause.until IS NULL OR r.position < pause.until)))
    GROUP BY r.trial_id`,
    [trialIds, options.unseen],
  );
}

export interface JudgedTrial {
  readonly number: number;
  readonly state: TrialState;
  readonly attempt: number;
  readonly stopReason: StopReason | null;
  readonly stopMessage: string | null;
  /** Why it was asked to pause, null when it was not. */
  readonly pausing: string | null;
  /** The experiment's pruner, null without a search. */
  readonly pruner: string | null;
  /** Reports of the objective stored so far: tells whether there is anything new to judge. */
  readonly reports: number;
}

/** What decides whether a trial must be judged at all. */
export async function findJudged(sql: Sql, trialId: TrialId): Promise<JudgedTrial | null> {
  const rows = await sql.query<JudgedTrial>(
    `/* history.judged */
    SELECT t.number, t.state, t.attempt, t.stop_reason AS "stopReason", t.stop_message AS "stopMessage",
      t.pausing, e.search->'pruner'->>'kind' AS pruner,
      CASE WHEN coalesce(e.search->'pruner'->>'kind', 'none') = 'none' THEN 0
        ELSE (SELECT count(*) FROM trial_report r WHERE r.trial_id = t.id) END AS reports
    FROM trial t JOIN experiment e ON e.id = t.experiment_id WHERE t.id = $1`,
    [trialId],
  );
  return rows[0] ?? null;
}

/** What an experiment searches for, null when it does not. */
export async function findSearch(sql: Sql, id: ExperimentId): Promise<Search | null> {
  const rows = await sql.query<{ search: Search | null }>(
    `/* history.search */ SELECT ${SEARCH_COLUMN} FROM experiment e WHERE e.id = $1`,
    [id],
  );
  return rows[0]?.search ?? null;
}
