DROP INDEX artifact_checkpoints;
DROP INDEX trial_by_parent;
DROP INDEX trial_busy;
-- Whoever is paused would wait for ever: the release before knows no pause.
UPDATE trial SET state = 'STOPPED', ended_at = clock_timestamp(), ended_sequence = paused_at[cardinality(paused_at)],
    message = 'it was paused when the server went back to a release without schedulers'
  WHERE state = 'WAITING' AND cardinality(paused_at) > cardinality(resumed_at);
ALTER TABLE trial
  DROP COLUMN parent_checkpoint_id,
  DROP COLUMN parent_number,
  DROP COLUMN pause_obeyed,
  DROP COLUMN pausing,
  DROP COLUMN resumed_at,
  DROP COLUMN paused_at;
