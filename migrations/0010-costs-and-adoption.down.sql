DROP INDEX warm_trial_by_source;
ALTER TABLE warm_trial DROP COLUMN adopted_at;
DROP INDEX experiment_stopping;
ALTER TABLE training_job DROP COLUMN leased_at;
