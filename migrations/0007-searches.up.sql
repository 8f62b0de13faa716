-- Why a trial was proposed, as its sampler said then. NULL: by a person, or by a release before this one.
ALTER TABLE trial ADD COLUMN explanation jsonb;

-- Failures are counted from here on: the position at which somebody last let the experiment go on.
ALTER TABLE experiment ADD COLUMN failures_from integer NOT NULL DEFAULT 0;

-- What a search was before and after each change of it. An experiment whose search never changed has no row: its only
-- revision is the search itself. from_sequence: proposals after this position are of this revision or a later one.
CREATE TABLE search_revision (
  experiment_id uuid NOT NULL REFERENCES experiment ON DELETE CASCADE,
  number integer NOT NULL,
  project_id uuid NOT NULL,
  from_sequence integer NOT NULL,
  from_trial integer NOT NULL,
  space jsonb NOT NULL,
  budget jsonb NOT NULL,
  created_by text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (experiment_id, number)
);

-- What a search was given to begin with: trials of other experiments as they were when it was created. Numbers are negative
-- and rise to -1; they are no trials of the experiment. Copies, so that replay does not depend on what becomes of the others.
CREATE TABLE warm_trial (
  experiment_id uuid NOT NULL REFERENCES experiment ON DELETE CASCADE,
  number integer NOT NULL CHECK (number < 0),
  project_id uuid NOT NULL,
  source_trial_id uuid NOT NULL,
  params json NOT NULL,
  state text NOT NULL CHECK (state IN ('COMPLETED', 'PRUNED')),
  value double precision,
  steps double precision[] NOT NULL,
  reports double precision[] NOT NULL,
  seconds double precision,
  PRIMARY KEY (experiment_id, number)
);
