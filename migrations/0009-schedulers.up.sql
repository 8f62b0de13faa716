-- Schedulers. Positions in the experiment's sequence: a WAITING trial is paused while it was paused more often than resumed.
ALTER TABLE trial
  ADD COLUMN paused_at integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN resumed_at integer[] NOT NULL DEFAULT '{}',
  -- Why the attempt under way was asked to pause, until it has ended; and whether its program said that it obeys.
  ADD COLUMN pausing text,
  ADD COLUMN pause_obeyed boolean NOT NULL DEFAULT false,
  -- Number of the trial of the same experiment whose checkpoint it began with, and that checkpoint. No foreign keys: both may
  -- be deleted, and replay still has to know that there was a parent.
  ADD COLUMN parent_number integer,
  ADD COLUMN parent_checkpoint_id uuid;

-- What takes a place among those that may run at once: thousands may be paused.
CREATE INDEX trial_busy ON trial (experiment_id)
  WHERE state IN ('WAITING', 'RUNNING') AND cardinality(paused_at) = cardinality(resumed_at);
CREATE INDEX trial_by_parent ON trial (experiment_id, parent_number) WHERE parent_number IS NOT NULL;
-- The newest checkpoint of a trial.
CREATE INDEX artifact_checkpoints ON artifact (trial_id, attempt, id) WHERE kind = 'checkpoint' AND state = 'COMMITTED';
