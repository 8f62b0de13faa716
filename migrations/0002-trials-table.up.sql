-- The trials table in every order: a page walks an index. Ties are by id, which ends each of them.

CREATE INDEX trial_by_value ON trial (experiment_id, value, id);
CREATE INDEX trial_by_created ON trial (experiment_id, created_at, id);

-- A B-tree takes no long texts: a param of some kilobytes could not be stored. Sorted by code point in every database alike.
DROP INDEX trial_param_text;
CREATE INDEX trial_param_text_key ON trial_param (experiment_id, name, left(text, 200) COLLATE "C", trial_id) WHERE text IS NOT NULL;
