DROP INDEX experiment_dataset_by_version;
DROP INDEX experiment_by_algorithm_version;
-- What waits to be purged goes at once: the schema before had no place for it.
DELETE FROM experiment WHERE project_id IN (SELECT id FROM project WHERE organization_id IS NULL);
DELETE FROM project WHERE organization_id IS NULL;
DELETE FROM metric_summary s WHERE NOT EXISTS (SELECT 1 FROM metric_key k WHERE k.id = s.key_id);
ALTER TABLE metric_summary ADD CONSTRAINT metric_summary_key_id_fkey FOREIGN KEY (key_id) REFERENCES metric_key ON DELETE CASCADE;
DROP SEQUENCE deleted_trial_number;
ALTER TABLE project ALTER COLUMN organization_id SET NOT NULL;
