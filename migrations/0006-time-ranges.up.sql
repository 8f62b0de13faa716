-- Windows in time and relative time: when the points of a chunk or a roll-up were logged. Unknown (NULL) of what the
-- releases before wrote, and of a chunk that is not full, which they may still let grow.

ALTER TABLE metric_chunk ADD COLUMN lo_time double precision, ADD COLUMN hi_time double precision, ADD COLUMN first_time double precision;
ALTER TABLE metric_rollup ADD COLUMN lo_time double precision, ADD COLUMN hi_time double precision;

-- A roll-up has one more of ends than of counts: the last part of its data says when its buckets were logged, and its
-- levels know their first values. One of a release before has neither, is not read, and is made anew in the background.
CREATE INDEX metric_rollup_stale ON metric_rollup (stream_id, key_id, no)
  WHERE lo_time IS NULL OR cardinality(ends) = cardinality(counts);
