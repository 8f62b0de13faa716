-- The first schema. Every row below a project carries project_id: authorisation filters on it.

-- Which cluster this database lives in: another one after dump and restore, where transaction ids start low again.
CREATE TABLE installation (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  system_identifier text NOT NULL
);

CREATE TABLE organization (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE project (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organization,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, name)
);

-- People, keys and sessions -----------------------------------------------------------------------------------------

CREATE TABLE app_user (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organization,
  name text NOT NULL,
  email text,
  disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, name)
);

CREATE TABLE membership (
  user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  organization_id uuid NOT NULL REFERENCES organization,
  project_id uuid REFERENCES project ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('viewer', 'writer', 'submitter', 'admin'))
);
CREATE UNIQUE INDEX membership_once ON membership (user_id, coalesce(project_id, '00000000-0000-0000-0000-000000000000'));

CREATE TABLE resource_pool (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organization,
  name text NOT NULL,
  lease_seconds integer NOT NULL DEFAULT 60 CHECK (lease_seconds BETWEEN 1 AND 3600),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, name)
);

CREATE TABLE runner (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organization,
  pool_id uuid NOT NULL REFERENCES resource_pool,
  key_id uuid NOT NULL,
  name text NOT NULL,
  host text NOT NULL,
  slots integer NOT NULL,
  gpus jsonb NOT NULL DEFAULT '[]',
  boot_id text NOT NULL,
  draining boolean NOT NULL DEFAULT false,
  registered_at timestamptz NOT NULL DEFAULT now(),
  contact_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX runner_by_pool ON runner (pool_id, id);
CREATE UNIQUE INDEX runner_boot ON runner (key_id, boot_id);

CREATE TABLE api_key (
  id uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organization,
  kind text NOT NULL CHECK (kind IN ('USER', 'SERVICE', 'RUNNER', 'TRIAL')),
  name text NOT NULL,
  secret_hmac bytea NOT NULL,
  user_id uuid REFERENCES app_user ON DELETE CASCADE,
  role text CHECK (role IN ('viewer', 'writer', 'submitter', 'admin')),
  project_id uuid REFERENCES project ON DELETE CASCADE,
  pool_id uuid REFERENCES resource_pool ON DELETE CASCADE,
  trial_id uuid,
  attempt integer,
  epoch integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_key_by_user ON api_key (user_id, id) WHERE kind <> 'TRIAL';
CREATE INDEX api_key_by_trial ON api_key (trial_id) WHERE trial_id IS NOT NULL;

-- A browser's login. The cookie holds the secret, we hold its HMAC.
CREATE TABLE session (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  secret_hmac bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

-- Single-use codes: can only be exchanged for a session.
CREATE TABLE login_code (
  code_hmac bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);

-- Replies of mutations, kept so that a retry gets the same answer (rule 5).
CREATE TABLE client_request (
  principal text NOT NULL,
  request_id text NOT NULL,
  operation text NOT NULL,
  input_hash text NOT NULL,
  reply jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (principal, request_id)
);
CREATE INDEX client_request_age ON client_request (created_at);

-- Algorithms and datasets -------------------------------------------------------------------------------------------

CREATE TABLE algorithm (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (project_id, name)
);

CREATE TABLE algorithm_version (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  algorithm_id uuid NOT NULL REFERENCES algorithm ON DELETE CASCADE,
  version integer NOT NULL,
  command jsonb NOT NULL,
  environment jsonb NOT NULL DEFAULT '{}',
  working_directory text,
  source text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (algorithm_id, version)
);

CREATE TABLE dataset (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (project_id, name)
);

CREATE TABLE dataset_version (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  dataset_id uuid NOT NULL REFERENCES dataset ON DELETE CASCADE,
  version integer NOT NULL,
  uri text NOT NULL,
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes double precision,
  rows double precision,
  licence text,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (dataset_id, version)
);

-- Experiments, trials, jobs -----------------------------------------------------------------------------------------

CREATE TABLE experiment (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  state text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'PAUSED', 'COMPLETED', 'STOPPED')),
  search jsonb,
  algorithm_version_id uuid REFERENCES algorithm_version,
  pool_id uuid REFERENCES resource_pool,
  resources jsonb NOT NULL,
  next_number integer NOT NULL DEFAULT 0,
  sequence integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  UNIQUE (project_id, name)
);
CREATE INDEX experiment_by_project ON experiment (project_id, id);
-- Sorted pages: of a project (by name its UNIQUE serves), and of all that one can see.
CREATE INDEX experiment_by_state ON experiment (project_id, state, id);
CREATE INDEX experiment_all_by_name ON experiment (name, id);
CREATE INDEX experiment_all_by_state ON experiment (state, id);
CREATE INDEX experiment_proposing ON experiment (pool_id, id) WHERE state = 'ACTIVE' AND search IS NOT NULL AND algorithm_version_id IS NOT NULL;

CREATE TABLE experiment_dataset (
  project_id uuid NOT NULL,
  experiment_id uuid NOT NULL REFERENCES experiment ON DELETE CASCADE,
  dataset_version_id uuid NOT NULL REFERENCES dataset_version,
  channel text NOT NULL,
  PRIMARY KEY (experiment_id, channel)
);

CREATE TABLE trial (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL,
  experiment_id uuid NOT NULL REFERENCES experiment ON DELETE CASCADE,
  number integer NOT NULL,
  name text,
  state text NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'COMPLETED', 'PRUNED', 'FAILED', 'STOPPED')),
  params json NOT NULL DEFAULT '{}', -- json keeps the order in which the parameters were drawn
  tags jsonb NOT NULL DEFAULT '[]',
  proposed_by text NOT NULL,
  value double precision,
  cause text,
  message text,
  stop_reason text CHECK (stop_reason IN ('PRUNER', 'USER', 'EXPERIMENT')),
  stop_message text,
  attempt integer NOT NULL DEFAULT 0,
  asked_at integer NOT NULL,
  ended_sequence integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  contact_at timestamptz,
  dropped double precision NOT NULL DEFAULT 0,
  UNIQUE (experiment_id, number)
);
CREATE INDEX trial_open ON trial (experiment_id, state) WHERE state IN ('WAITING', 'RUNNING');
-- Finite only: NaN ranks above all in Postgres, and neither NaN nor an infinity is ever best (rule 8).
CREATE INDEX trial_best ON trial (experiment_id, value) WHERE state = 'COMPLETED' AND abs(value) < 'Infinity'::float8;
-- What a history must still read: all that is open, and what ended since.
CREATE INDEX trial_ended ON trial (experiment_id, ended_sequence);
CREATE INDEX trial_by_state ON trial (experiment_id, state, id);
CREATE INDEX trial_by_duration ON trial (experiment_id, (ended_at - started_at), id);

-- Hyperparameters as typed columns: for filters and sorting.
CREATE TABLE trial_param (
  experiment_id uuid NOT NULL,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  name text NOT NULL,
  number double precision,
  text text,
  PRIMARY KEY (trial_id, name)
);
CREATE INDEX trial_param_number ON trial_param (experiment_id, name, number, trial_id);
CREATE INDEX trial_param_text ON trial_param (experiment_id, name, text, trial_id);

-- One per trial. The epoch only rises; the row is locked before the rows it guards (rule 4).
CREATE TABLE trial_lease (
  trial_id uuid PRIMARY KEY REFERENCES trial ON DELETE CASCADE,
  attempt integer NOT NULL DEFAULT 0,
  epoch integer NOT NULL DEFAULT 0,
  runner_id uuid,
  lease_until timestamptz
);
CREATE INDEX trial_lease_lapsing ON trial_lease (lease_until) WHERE runner_id IS NOT NULL;
CREATE INDEX trial_lease_by_runner ON trial_lease (runner_id) WHERE runner_id IS NOT NULL;

-- When leases were last looked through, so that an outage of ours is not taken for one of every runner. One row at most.
CREATE TABLE reclaim_tick (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  at timestamptz NOT NULL
);

CREATE TABLE training_job (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  pool_id uuid NOT NULL REFERENCES resource_pool,
  attempt integer NOT NULL,
  state text NOT NULL CHECK (state IN ('PENDING', 'STARTING', 'RUNNING', 'TERMINATING', 'COMPLETED', 'FAILED', 'TERMINATED', 'PREEMPTED', 'LOST')),
  epoch integer,
  runner_id uuid,
  command jsonb NOT NULL,
  gpus integer NOT NULL DEFAULT 0,
  slots integer NOT NULL DEFAULT 1,
  timeout_seconds integer,
  priority integer NOT NULL DEFAULT 0,
  cause text,
  message text,
  exit_code integer,
  signal text,
  -- Its runner restarted or fell silent while it held the job: three of these make the trial POISON.
  runner_died boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  UNIQUE (trial_id, attempt)
);
CREATE INDEX training_job_queue ON training_job (pool_id, priority DESC, created_at, id) WHERE state = 'PENDING';
CREATE INDEX training_job_held ON training_job (pool_id, experiment_id) WHERE state IN ('STARTING', 'RUNNING', 'TERMINATING');
CREATE INDEX training_job_by_experiment ON training_job (experiment_id, id);
CREATE INDEX training_job_by_project ON training_job (project_id, id);
CREATE INDEX training_job_by_runner ON training_job (runner_id, id) WHERE runner_id IS NOT NULL;

CREATE TABLE artifact (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  attempt integer NOT NULL,
  epoch integer,
  name text NOT NULL,
  kind text NOT NULL,
  file_name text NOT NULL,
  size_bytes double precision NOT NULL,
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  storage_key text NOT NULL,
  state text NOT NULL CHECK (state IN ('PENDING', 'COMMITTED')),
  created_at timestamptz NOT NULL DEFAULT now(),
  committed_at timestamptz
);
CREATE INDEX artifact_by_trial ON artifact (trial_id, id);
CREATE INDEX artifact_by_key ON artifact (storage_key);
CREATE INDEX artifact_pending ON artifact (created_at) WHERE state = 'PENDING';

-- Metrics and logs --------------------------------------------------------------------------------------------------

CREATE TABLE metric_key (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  name text NOT NULL,
  UNIQUE (project_id, name)
);

-- next_seq is the truth of what is stored: locked by the commit that advances it (rule 3).
CREATE TABLE metric_stream (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  attempt integer NOT NULL,
  stream text NOT NULL,
  next_seq bigint NOT NULL DEFAULT 0,
  UNIQUE (trial_id, attempt, stream)
);
CREATE INDEX metric_stream_by_experiment ON metric_stream (experiment_id, id);

-- The log: one row per accepted batch, append-only until compaction takes the oldest away. Its lowest seq is how far
-- a stream is compacted: everything below is in chunks, nothing above is.
CREATE TABLE metric_segment (
  stream_id bigint NOT NULL REFERENCES metric_stream ON DELETE CASCADE,
  seq bigint NOT NULL,
  n integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  data bytea NOT NULL,
  PRIMARY KEY (stream_id, seq)
);
ALTER TABLE metric_segment ALTER COLUMN data SET STORAGE EXTERNAL;

-- Compacted points of one key of one stream in stored order: chunk no holds points [2048 no, 2048 no + n), and only the
-- last is not full. A full chunk never changes; if its steps and times equal those of another key, clock_key names it.
CREATE TABLE metric_chunk (
  stream_id bigint NOT NULL REFERENCES metric_stream ON DELETE CASCADE,
  key_id integer NOT NULL,
  no integer NOT NULL,
  n integer NOT NULL,
  clock_key integer,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  lo_step double precision NOT NULL,
  hi_step double precision NOT NULL,
  clock bytea,
  data bytea NOT NULL,
  PRIMARY KEY (stream_id, key_id, no),
  CHECK ((clock IS NULL) <> (clock_key IS NULL))
);
CREATE INDEX metric_chunk_by_seq ON metric_chunk (stream_id, last_seq, first_seq);
ALTER TABLE metric_chunk ALTER COLUMN clock SET STORAGE EXTERNAL, ALTER COLUMN data SET STORAGE EXTERNAL;

-- Buckets by step of the chunks [64 no, 64 no + chunks): level i (from 1) has counts[i] buckets, each width 2^(i-1)
-- steps wide, in the bytes of data that end at ends[i]. Not compressed by Postgres: one level is read without the others.
CREATE TABLE metric_rollup (
  stream_id bigint NOT NULL REFERENCES metric_stream ON DELETE CASCADE,
  key_id integer NOT NULL,
  no integer NOT NULL,
  chunks integer NOT NULL,
  lo_step double precision NOT NULL,
  hi_step double precision NOT NULL,
  width double precision NOT NULL,
  counts integer[] NOT NULL,
  ends integer[] NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (stream_id, key_id, no)
);
ALTER TABLE metric_rollup ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE metric_summary (
  experiment_id uuid NOT NULL,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  key_id integer NOT NULL REFERENCES metric_key ON DELETE CASCADE,
  n double precision NOT NULL,
  n_nonfinite double precision NOT NULL,
  first double precision NOT NULL,
  last double precision NOT NULL,
  last_step double precision NOT NULL,
  min double precision,
  min_step double precision,
  max double precision,
  max_step double precision,
  sum double precision NOT NULL,
  PRIMARY KEY (trial_id, key_id)
) WITH (fillfactor = 70);
CREATE INDEX metric_summary_last ON metric_summary (experiment_id, key_id, last, trial_id);
CREATE INDEX metric_summary_min ON metric_summary (experiment_id, key_id, min, trial_id);
CREATE INDEX metric_summary_max ON metric_summary (experiment_id, key_id, max, trial_id);

-- The objective's reports: what samplers and pruners may know. position = the experiment's sequence when stored.
CREATE TABLE trial_report (
  experiment_id uuid NOT NULL,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  attempt integer NOT NULL,
  step double precision NOT NULL,
  value double precision NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (trial_id, attempt, step)
);
CREATE INDEX trial_report_by_experiment ON trial_report (experiment_id, step);

CREATE TABLE log_stream (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL,
  trial_id uuid NOT NULL REFERENCES trial ON DELETE CASCADE,
  attempt integer NOT NULL,
  name text NOT NULL,
  next_seq bigint NOT NULL DEFAULT 0,
  UNIQUE (trial_id, attempt, name)
);

CREATE TABLE log_segment (
  stream_id bigint NOT NULL REFERENCES log_stream ON DELETE CASCADE,
  seq bigint NOT NULL,
  n integer NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (stream_id, seq)
);

-- Events and the change feed ----------------------------------------------------------------------------------------

CREATE TABLE event (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL REFERENCES project ON DELETE CASCADE,
  experiment_id uuid,
  trial_id uuid,
  job_id uuid,
  kind text NOT NULL,
  message text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_by_project ON event (project_id, id);
CREATE INDEX event_by_experiment ON event (experiment_id, id);
CREATE INDEX event_by_trial ON event (trial_id, id);

-- What was committed, in an order a cursor can follow: read below the oldest open writer (rule 2).
CREATE TABLE change (
  project_id uuid NOT NULL,
  experiment_id uuid,
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('experiment', 'trial', 'job', 'event', 'artifact')),
  subject_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, tx, id)
);
CREATE INDEX change_by_experiment ON change (experiment_id, tx, id);
CREATE INDEX change_age ON change (at);
