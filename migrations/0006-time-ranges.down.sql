DROP INDEX metric_rollup_stale;
ALTER TABLE metric_rollup DROP COLUMN lo_time, DROP COLUMN hi_time;
ALTER TABLE metric_chunk DROP COLUMN lo_time, DROP COLUMN hi_time, DROP COLUMN first_time;
