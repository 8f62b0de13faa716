ALTER TABLE metric_summary RESET (autovacuum_vacuum_scale_factor);
ALTER TABLE log_stream DROP COLUMN emptied;
ALTER TABLE metric_stream DROP COLUMN emptied;
DROP INDEX trial_logs_expiring;
DROP INDEX trial_points_expiring;
ALTER TABLE trial DROP COLUMN logs_expired_at, DROP COLUMN points_expired_at;
ALTER TABLE project DROP COLUMN log_retention_days, DROP COLUMN metric_retention_days;
