-- Trials of searches with several objectives, with bounds on other metrics, and with replicates. Everything is NULL where a
-- search has none of them, as in all that releases before this one wrote.

-- One value per objective, of which `value` stays the first. NULL with one objective.
ALTER TABLE trial ADD COLUMN objective_values double precision[];
-- What was observed of each metric that has a bound, and by how much all bounds together are exceeded: 0 is feasible.
ALTER TABLE trial ADD COLUMN constraint_values double precision[], ADD COLUMN violation double precision;
-- Number of the first trial at the same point, this one's place among the trials there, and the seed it shall train with.
ALTER TABLE trial ADD COLUMN point integer, ADD COLUMN replicate integer, ADD COLUMN seed integer;

-- As trial_best, for searches with bounds: what breaks one is never best.
CREATE INDEX trial_best_feasible ON trial (experiment_id, value)
  WHERE state = 'COMPLETED' AND abs(value) < 'Infinity'::float8 AND violation = 0;
CREATE INDEX trial_by_point ON trial (experiment_id, point) WHERE point IS NOT NULL;

ALTER TABLE warm_trial ADD COLUMN objective_values double precision[], ADD COLUMN constraint_values double precision[];
