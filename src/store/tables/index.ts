/**
 * All tables that hold a noun, for TypeORM's `insert`, `update` and `upsert`. What only named SQL touches is not here:
 * membership, client requests, revisions and warm trials of searches, the change feed, and the streams of metrics and logs.
 */
import type { EntitySchema } from 'typeorm';
import { algorithmTable, algorithmVersionTable } from './algorithm.js';
import { apiKeyTable } from './api-key.js';
import { artifactTable } from './artifact.js';
import { datasetTable, datasetVersionTable } from './dataset.js';
import { eventTable } from './event.js';
import { experimentDatasetTable, experimentTable } from './experiment.js';
import { loginCodeTable } from './login-code.js';
import { organizationTable } from './organization.js';
import { projectTable } from './project.js';
import { resourcePoolTable } from './resource-pool.js';
import { runnerTable } from './runner.js';
import { sessionTable } from './session.js';
import { trainingJobTable } from './training-job.js';
import { trialLeaseTable, trialParamTable, trialTable } from './trial.js';
import { userTable } from './user.js';

export const tables = [
  algorithmTable,
  algorithmVersionTable,
  apiKeyTable,
  artifactTable,
  datasetTable,
  datasetVersionTable,
  eventTable,
  experimentDatasetTable,
  experimentTable,
  loginCodeTable,
  organizationTable,
  projectTable,
  resourcePoolTable,
  runnerTable,
  sessionTable,
  trainingJobTable,
  trialLeaseTable,
  trialParamTable,
  trialTable,
  userTable,
] as unknown as readonly EntitySchema<never>[]; // EntitySchema is invariant in its row
