-- Per project: how many days after their end the points and the lines of trials are kept; null: for ever.
ALTER TABLE project
  ADD COLUMN metric_retention_days integer CHECK (metric_retention_days BETWEEN 1 AND 36500),
  ADD COLUMN log_retention_days integer CHECK (log_retention_days BETWEEN 1 AND 36500);
ALTER TABLE trial ADD COLUMN points_expired_at timestamptz, ADD COLUMN logs_expired_at timestamptz;
CREATE INDEX trial_points_expiring ON trial (project_id, ended_at) WHERE ended_at IS NOT NULL AND points_expired_at IS NULL;
CREATE INDEX trial_logs_expiring ON trial (project_id, ended_at) WHERE ended_at IS NOT NULL AND logs_expired_at IS NULL;

-- Null: the stream holds what was stored. False: expired, no read looks at it, and it is being emptied. True: emptied.
-- The stream itself stays, since it says where its writers and its cursors stand.
ALTER TABLE metric_stream ADD COLUMN emptied boolean;
ALTER TABLE log_stream ADD COLUMN emptied boolean;
CREATE INDEX metric_stream_emptying ON metric_stream (id) WHERE NOT emptied;
CREATE INDEX log_stream_emptying ON log_stream (id) WHERE NOT emptied;

-- Every batch updates summaries, and none of these updates is heap-only: the indexed values change. At the default of a
-- fifth of the table, millions of dead rows gather between two vacuums.
ALTER TABLE metric_summary SET (autovacuum_vacuum_scale_factor = 0.01);
