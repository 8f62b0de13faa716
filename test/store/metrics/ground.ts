/** Ground to stand on for tests of the stores: a migrated database of its own, and trials with a lease made by plain SQL. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { ExperimentId, ProjectId, TrialId } from '../../../src/domain/ids.js';
import { type Database, openDatabase } from '../../../src/store/database.js';
import { migrate } from '../../../src/store/migrate.js';
import { tables } from '../../../src/store/tables/index.js';

export interface GroundTrial {
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly epoch: number;
}

export interface Ground {
  readonly database: Database;
  /** Another set of pools on the same database, as a second server has. */
  openAnother(): Promise<Database>;
  newExperiment(options?: {
    readonly objective?: string;
  }): Promise<{ projectId: ProjectId; experimentId: ExperimentId }>;
  newTrial(place?: { projectId: ProjectId; experimentId: ExperimentId }): Promise<GroundTrial>;
  /** Many trials of one experiment, made at once. */
  newTrials(count: number): Promise<GroundTrial[]>;
  close(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const server = process.env.TRIALGRAPH_TEST_DATABASE_URL;
  if (server === undefined) throw new Error('run the tests through vitest: its global setup starts Postgres');
  const name = `ground_${randomUUID().replaceAll('-', '')}`;
  await once(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate({ url: url.href, directory: 'migrations', log: () => undefined });
  const open = () => openDatabase({ url: url.href, tables, log: () => undefined });
  const database = await open();
  const opened: Database[] = [database];
  const organizationId = randomUUID();
  const projectId = randomUUID() as ProjectId;
  const sql = database.read;
  await sql.query('INSERT INTO organization (id, name) VALUES ($1, $2)', [organizationId, 'local']);
  await sql.query('INSERT INTO project (id, organization_id, name) VALUES ($1, $2, $3)', [
    projectId,
    organizationId,
    'p',
  ]);
  let number = 0;

  const newExperiment: Ground['newExperiment'] = async (options = {}) => {
    const experimentId = randomUUID() as ExperimentId;
    const search =
      options.objective === undefined
        ? null
        : JSON.stringify({ objective: { metric: options.objective, goal: 'minimize', take: 'last' } });
    await sql.query('INSERT INTO experiment (id, project_id, name, search, resources) VALUES ($1, $2, $3, $4, $5)', [
      experimentId,
      projectId,
      experimentId,
      search,
      '{"gpus":0,"slots":1,"timeoutSeconds":null}',
    ]);
    return { projectId, experimentId };
  };

  return {
    database,
    openAnother: async () => {
      const another = await open();
      opened.push(another);
      return another;
    },
    newExperiment,
    newTrial: async (place) => {
      const { experimentId } = place ?? (await newExperiment());
      const trialId = randomUUID() as TrialId;
      await sql.query(
        `INSERT INTO trial (id, project_id, experiment_id, number, state, proposed_by, attempt, asked_at) VALUES ($1, $2, $3, $4, 'RUNNING', 'user', 1, 0)`,
        [trialId, projectId, experimentId, number++],
      );
      await sql.query('INSERT INTO trial_lease (trial_id, attempt, epoch) VALUES ($1, 1, 1)', [trialId]);
      return { projectId, experimentId, trialId, attempt: 1, epoch: 1 };
    },
    newTrials: async (count) => {
      const place = await newExperiment();
      const trialIds = Array.from({ length: count }, () => randomUUID() as TrialId);
      await sql.query(
        `INSERT INTO trial (id, project_id, experiment_id, number, state, proposed_by, attempt, asked_at)
         SELECT id, $2, $3, $4 + i, 'RUNNING', 'user', 1, 0 FROM unnest($1::uuid[]) WITH ORDINALITY AS t(id, i)`,
        [trialIds, projectId, place.experimentId, number],
      );
      number += count + 1;
      await sql.query('INSERT INTO trial_lease (trial_id, attempt, epoch) SELECT unnest($1::uuid[]), 1, 1', [trialIds]);
      return trialIds.map((trialId) => ({ ...place, trialId, attempt: 1, epoch: 1 }));
    },
    close: async () => {
      for (const one of opened) await one.close();
      await once(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function once(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
