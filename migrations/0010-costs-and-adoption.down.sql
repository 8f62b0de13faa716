-- A release before takes them for reports of a time to come: they are given the time that it is now.
UPDATE trial_report r SET position = e.sequence FROM experiment e WHERE e.id = r.experiment_id AND r.position = 2147483647;
DROP INDEX trial_report_unseen;
DROP INDEX warm_trial_by_source;
ALTER TABLE warm_trial DROP COLUMN adopted_at;
DROP INDEX experiment_stopping;
ALTER TABLE experiment DROP COLUMN deleted_gpu_hours, DROP COLUMN deleted_slot_hours;
ALTER TABLE training_job DROP COLUMN leased_at;
