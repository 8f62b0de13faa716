DROP TABLE warm_trial;
DROP TABLE search_revision;
ALTER TABLE experiment DROP COLUMN failures_from;
ALTER TABLE trial DROP COLUMN explanation;
