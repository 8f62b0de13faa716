-- Which streams moved since a transaction: what a live query of trials reads instead of every stream of its experiment.
-- moved_tx is the transaction that advanced the stream last. The index is on its block of 1,024 transactions, so that most
-- advances leave every indexed column as it was and stay heap-only.
-- Streams that nobody advanced since are in block -1, below every cursor.

ALTER TABLE metric_stream
  ADD COLUMN moved_tx xid8 NOT NULL DEFAULT '0',
  ADD COLUMN moved_block bigint NOT NULL DEFAULT -1;
CREATE INDEX metric_stream_moved ON metric_stream (experiment_id, moved_block);
