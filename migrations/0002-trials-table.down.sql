DROP INDEX trial_param_text_key;
CREATE INDEX trial_param_text ON trial_param (experiment_id, name, text, trial_id);
DROP INDEX trial_by_created;
DROP INDEX trial_by_value;
