ALTER TABLE warm_trial DROP COLUMN constraint_values, DROP COLUMN objective_values;
DROP INDEX trial_by_point;
DROP INDEX trial_best_feasible;
ALTER TABLE trial DROP COLUMN seed, DROP COLUMN replicate, DROP COLUMN point;
ALTER TABLE trial DROP COLUMN violation, DROP COLUMN constraint_values;
ALTER TABLE trial DROP COLUMN objective_values;
