DROP INDEX metric_stream_moved;
ALTER TABLE metric_stream DROP COLUMN moved_block, DROP COLUMN moved_tx;
