-- When a runner took a job: what it held is counted from here. NULL of what was leased by a release before this one, and
-- of a job that no runner has taken.
ALTER TABLE training_job ADD COLUMN leased_at timestamptz;

-- What the jobs of deleted trials have cost: a budget that was spent stays spent.
ALTER TABLE experiment ADD COLUMN deleted_gpu_hours double precision NOT NULL DEFAULT 0,
  ADD COLUMN deleted_slot_hours double precision NOT NULL DEFAULT 0;

-- Searches whose running trials end with the budget, for whoever looks after them.
CREATE INDEX experiment_stopping ON experiment (id)
  WHERE state IN ('ACTIVE', 'PAUSED') AND search->'budget'->>'whenSpent' = 'stop';

-- Trials that a search was given while it went on: known to proposals after this position of its sequence. NULL of those
-- that it began with.
ALTER TABLE warm_trial ADD COLUMN adopted_at integer;
CREATE UNIQUE INDEX warm_trial_by_source ON warm_trial (experiment_id, source_trial_id);

-- A report takes its position in the experiment's sequence when it is first seen, by a proposal or the end of its trial: until
-- then it has the largest number, and these are found by it.
CREATE INDEX trial_report_unseen ON trial_report (experiment_id, trial_id) WHERE position = 2147483647;
