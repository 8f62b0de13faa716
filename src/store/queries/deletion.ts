/**
 * The first phase of deletion: a row is moved to where no read looks, in one short transaction, whatever hangs on it.
 * Reads need no tombstone: they come through a project of an organization, and a trial's through an experiment of its project.
 */
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';

/** Id of the project and of the experiment that hold what was deleted: made by a migration, never purged. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Moves a trial out of sight. Its lease is gone, so every writer of it is fenced; so are its jobs, tokens, params and
 * summaries, which lists walk by experiment. Points, reports, logs and artifacts are left to the purge. Call with experiment, lease and trial locked.
 */
export async function moveTrialAway(tx: Sql, id: TrialId): Promise<void> {
  await tx.query(`/* deletion.trial-lease */ DELETE FROM trial_lease WHERE trial_id = $1`, [id]);
  await tx.query(`/* deletion.trial-jobs */ DELETE FROM training_job WHERE trial_id = $1`, [id]);
  await tx.query(`/* deletion.trial-keys */ DELETE FROM api_key WHERE trial_id = $1`, [id]);
  await tx.query(`/* deletion.trial-params */ DELETE FROM trial_param WHERE trial_id = $1`, [id]);
  await tx.query(`/* deletion.trial-summaries */ DELETE FROM metric_summary WHERE trial_id = $1`, [id]);
  await tx.query(
    `/* deletion.trial-streams */ UPDATE metric_stream SET project_id = $2, experiment_id = $2 WHERE trial_id = $1`,
    [id, NOBODY],
  );
  await tx.query(`/* deletion.trial-logs */ UPDATE log_stream SET project_id = $2 WHERE trial_id = $1`, [id, NOBODY]);
  await tx.query(`/* deletion.trial-artifacts */ UPDATE artifact SET project_id = $2 WHERE trial_id = $1`, [
    id,
    NOBODY,
  ]);
  await tx.query(
    `/* deletion.trial */
    UPDATE trial SET project_id = $2, experiment_id = $2, number = nextval('deleted_trial_number') WHERE id = $1`,
    [id, NOBODY],
  );
}

/** Takes what waits in queues out of them, so that no runner begins with it. Call with the experiment locked. */
export async function dropQueuedJobs(tx: Sql, id: ExperimentId): Promise<void> {
  await tx.query(
    `/* deletion.experiment-jobs */
    DELETE FROM training_job WHERE state = 'PENDING'
      AND trial_id IN (SELECT t.id FROM trial t WHERE t.experiment_id = $1 AND t.state = 'WAITING')`,
    [id],
  );
}

/** Moves an experiment out of sight, its trials with it. Call with its row locked, its queue empty and no trial running. */
export async function moveExperimentAway(tx: Sql, id: ExperimentId): Promise<void> {
  await tx.query(
    `/* deletion.experiment */ UPDATE experiment SET project_id = $2, name = id::text, state = 'STOPPED', pool_id = NULL WHERE id = $1`,
    [id, NOBODY],
  );
}

/** Whether a trial of the project runs, moved away or not. */
export async function hasRunningTrial(tx: Sql, id: ProjectId): Promise<boolean> {
  const rows = await tx.query(
    `/* deletion.project-runs */
    SELECT 1 AS runs FROM experiment e JOIN trial t ON t.experiment_id = e.id AND t.state = 'RUNNING'
    WHERE e.project_id = $1 LIMIT 1`,
    [id],
  );
  return rows.length === 1;
}

/** Moves a project out of its organization, all that is in it with it, and ends what is queued or would propose there. */
export async function moveProjectAway(tx: Sql, id: ProjectId): Promise<void> {
  await tx.query(
    `/* deletion.project-experiments */
    UPDATE experiment SET state = 'STOPPED', pool_id = NULL WHERE project_id = $1 AND state IN ('ACTIVE', 'PAUSED')`,
    [id],
  );
  await tx.query(
    `/* deletion.project-jobs */
    DELETE FROM training_job WHERE state = 'PENDING' AND trial_id IN (
      SELECT t.id FROM experiment e JOIN trial t ON t.experiment_id = e.id AND t.state = 'WAITING' WHERE e.project_id = $1)`,
    [id],
  );
  await tx.query(`/* deletion.project-keys */ DELETE FROM api_key WHERE project_id = $1 AND kind <> 'TRIAL'`, [id]);
  await tx.query(`/* deletion.project */ UPDATE project SET organization_id = NULL WHERE id = $1`, [id]);
}
