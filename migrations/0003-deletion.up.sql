-- Deletion in two phases. What is deleted is moved out of sight at once, in one short transaction: a trial to the
-- experiment of nobody, an experiment to the project of nobody, a project out of its organization. It is purged later in
-- small steps, which touch no row of anything else.
ALTER TABLE project ALTER COLUMN organization_id DROP NOT NULL;

INSERT INTO project (id, organization_id, name, description)
VALUES ('00000000-0000-0000-0000-000000000000', NULL, 'deleted', 'What was deleted and is not purged yet.');
INSERT INTO experiment (id, project_id, name, state, resources)
VALUES ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', 'deleted', 'STOPPED',
  '{"gpus": 0, "slots": 1, "timeoutSeconds": null}');

-- Numbers of deleted trials: they must not clash in the experiment of nobody.
CREATE SEQUENCE deleted_trial_number AS integer CYCLE;

-- Names are deleted with their project, after its trials. Without this a name would look through all summaries there are.
ALTER TABLE metric_summary DROP CONSTRAINT metric_summary_key_id_fkey;

-- Deleting a version asks who uses it.
CREATE INDEX experiment_by_algorithm_version ON experiment (algorithm_version_id) WHERE algorithm_version_id IS NOT NULL;
CREATE INDEX experiment_dataset_by_version ON experiment_dataset (dataset_version_id);
