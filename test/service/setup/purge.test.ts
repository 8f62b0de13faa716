import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentId, TrialId } from '../../../src/domain/ids.js';
import { beginArtifact } from '../../../src/service/artifact/begin-artifact.js';
import { commitArtifact } from '../../../src/service/artifact/commit-artifact.js';
import { findArtifact } from '../../../src/service/artifact/find-artifact.js';
import { receiveArtifact } from '../../../src/service/artifact/receive-artifact.js';
import type { Deps } from '../../../src/service/deps.js';
import { deleteExperiment } from '../../../src/service/experiment/delete-experiment.js';
import { reportLogs } from '../../../src/service/log/report-logs.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { deleteProject } from '../../../src/service/project/delete-project.js';
import { findProject } from '../../../src/service/project/find-project.js';
import { purge } from '../../../src/service/setup/purge.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { findTrial } from '../../../src/service/trial/find-trial.js';
import { addExperiment, addProject, addTrial, addUser, codeOf, trialPrincipal } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, lease } from '../job/queue.js';

let world: World;
beforeEach(async () => {
  await world?.close();
  world = await openWorld();
});
afterAll(() => world.close());

const NEVER_LATE = { maxMs: 1e9 };
const POINTS = 3_000;

/** Points (some compacted), lines and two artifacts, one of which has the same bytes in every trial. */
async function fill(id: TrialId): Promise<void> {
  const { deps, admin } = world;
  const steps = Float64Array.from({ length: POINTS }, (_, i) => i);
  const values = steps.map((step) => Math.sin(step));
  for (const [seq, key] of ['loss', 'accuracy'].entries()) {
    const series = [{ key, steps, times: steps, values }];
    await reportMetrics(deps, admin, { trialId: id, attempt: 1, stream: 's', seq: seq * POINTS, series });
  }
  await deps.metrics.compact({ tailWindowMs: 0, maxMs: 1e9 });
  const one = Float64Array.of(1);
  const series = [{ key: 'late', steps: one, times: one, values: one }];
  await reportMetrics(deps, admin, { trialId: id, attempt: 1, stream: 's', seq: 2 * POINTS, series });
  const lines = { lines: ['hello'], sources: ['STDOUT'] as const, times: one };
  await reportLogs(deps, admin, { trialId: id, attempt: 1, stream: 'console', seq: 0, ...lines });
  for (const text of [`only of ${id}`, 'of everybody']) await upload(id, text);
}

async function upload(trialId: TrialId, text: string): Promise<void> {
  const { deps, admin } = world;
  const bytes = Buffer.from(text);
  const file = { name: text, kind: 'model', fileName: 'file', sizeBytes: bytes.length, sha256: sha256(text) };
  const { id } = await beginArtifact(deps, admin, { trialId, attempt: 1, ...file });
  await receiveArtifact(deps, admin, {
    id,
    bytes: (async function* () {
      yield bytes;
    })(),
  });
  await commitArtifact(deps, admin, { id });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function hasBlob(text: string): Promise<boolean> {
  const key = `${world.admin.organizationId}/${world.project.id}/${sha256(text)}`;
  return (await world.deps.blobs.digest(key)) !== null;
}

/** All that is known of a trial, to be compared. */
async function seen(id: TrialId): Promise<unknown> {
  const { deps, admin } = world;
  const { series } = await deps.metrics.readSeries({
    scope: { trialIds: [id] },
    keys: ['loss', 'accuracy', 'late'],
    maxPoints: 1e5,
  });
  const [summaries] = await deps.metrics.readSummaries([id], null);
  const page = await deps.logs.readPage({
    trialId: id,
    attempt: 1,
    stream: 'console',
    after: null,
    tail: null,
    first: 10,
  });
  return { trial: await findTrial(deps, admin, { id }), series, summaries, lines: page.lines };
}

/** Rows that hang on trials, by table. */
async function rowsOf(ids: readonly TrialId[]): Promise<Record<string, number>> {
  const tables = ['trial_param', 'trial_lease', 'trial_report', 'training_job', 'artifact', 'metric_summary'];
  const streams = {
    metric_segment: 'metric_stream',
    metric_chunk: 'metric_stream',
    metric_rollup: 'metric_stream',
    log_segment: 'log_stream',
  };
  const counts = [
    ...[...tables, 'metric_stream', 'log_stream', 'api_key'].map((t) => [
      t,
      `SELECT count(*)::int AS n FROM ${t} WHERE trial_id = ANY ($1::uuid[])`,
    ]),
    ...Object.entries(streams).map(([t, of]) => [
      t,
      `SELECT count(*)::int AS n FROM ${t} r JOIN ${of} s ON s.id = r.stream_id WHERE s.trial_id = ANY ($1::uuid[])`,
    ]),
    ['trial', 'SELECT count(*)::int AS n FROM trial WHERE id = ANY ($1::uuid[])'],
  ] as [string, string][];
  const found: Record<string, number> = {};
  for (const [table, text] of counts) {
    const [row] = await world.deps.database.read.query<{ n: number }>(text, [ids]);
    if (row && row.n > 0) found[table] = row.n;
  }
  return found;
}

async function orphans(): Promise<number> {
  const [row] = await world.deps.database.read.query<{ n: number }>(`SELECT (
    (SELECT count(*) FROM metric_segment WHERE stream_id NOT IN (SELECT id FROM metric_stream)) +
    (SELECT count(*) FROM metric_chunk WHERE stream_id NOT IN (SELECT id FROM metric_stream)) +
    (SELECT count(*) FROM log_segment WHERE stream_id NOT IN (SELECT id FROM log_stream)))::int AS n`);
  return row?.n ?? -1;
}

async function endedTrials(n: number, experimentId?: ExperimentId): Promise<TrialId[]> {
  const experiment = experimentId ?? (await addExperiment(world)).id;
  const ids: TrialId[] = [];
  for (let i = 0; i < n; i++) {
    const { id } = await addTrial(world, {
      experimentId: experiment,
      state: 'COMPLETED',
      endedAt: new Date(),
      endedSequence: i,
    });
    await fill(id);
    ids.push(id);
  }
  return ids;
}

describe('a deleted trial', () => {
  it('is out of sight at once, and purged without a trace; the others keep every number', async () => {
    const { deps, admin } = world;
    const [first, gone, last] = (await endedTrials(3)) as [TrialId, TrialId, TrialId];
    const before = [await seen(first), await seen(last)];
    const [artifact] = await deps.database.read.query<{ id: string }>('SELECT id FROM artifact WHERE trial_id = $1', [
      gone,
    ]);

    await deleteTrial(deps, admin, { id: gone });

    expect(await seen(gone)).toEqual({ trial: null, series: [], summaries: [], lines: [] });
    expect(await findArtifact(deps, admin, { id: artifact!.id })).toBeNull();
    expect(Object.keys(await rowsOf([gone]))).toContain('metric_chunk');
    expect([await seen(first), await seen(last)]).toEqual(before);

    expect(await purge(deps, NEVER_LATE)).toEqual({ trials: 1, more: false });
    expect([await rowsOf([gone]), await orphans()]).toEqual([{}, 0]);
    expect([await seen(first), await seen(last)]).toEqual(before);
    expect([
      await hasBlob(`only of ${gone}`),
      await hasBlob(`only of ${first}`),
      await hasBlob('of everybody'),
    ]).toEqual([false, true, true]);
    await deleteTrial(deps, admin, { id: first });
    await deleteTrial(deps, admin, { id: last });
    await purge(deps, NEVER_LATE);
    expect(await hasBlob('of everybody')).toBe(false);
  });

  it('answers its writers with FENCED or NOT_FOUND, on servers that knew it too, and stores nothing of theirs', async () => {
    const { deps, admin } = world;
    const other = await world.openServer();
    const trial = await addTrial(world, { state: 'COMPLETED', endedAt: new Date() });
    const column = Float64Array.of(1);
    const report = (server: Deps, principal: Parameters<typeof reportMetrics>[1], seq: number) =>
      reportMetrics(server, principal, {
        trialId: trial.id,
        attempt: 1,
        stream: 's',
        seq,
        series: [{ key: 'loss', steps: column, times: column, values: column }],
      });
    await report(other, admin, 0);
    const writers = Array.from({ length: 40 }, async (_, i) => {
      const principal = i % 2 === 0 ? admin : trialPrincipal(world, trial);
      const result = await report(i % 3 === 0 ? other : deps, principal, 1).catch((error) => error);
      return result.outcome ?? result.code;
    });
    await deleteTrial(deps, admin, { id: trial.id });

    const during = await Promise.all(writers);
    const after = [
      (await report(other, admin, 1)).outcome,
      (await report(deps, trialPrincipal(world, trial), 1)).outcome,
      await codeOf(report(await world.openServer(), admin, 1)),
    ];

    expect(during.every((answer) => ['ACCEPTED', 'FENCED', 'NOT_FOUND'].includes(answer))).toBe(true);
    expect(after).toEqual(['FENCED', 'FENCED', 'NOT_FOUND']);
    await purge(deps, NEVER_LATE);
    expect(await rowsOf([trial.id])).toEqual({});
  });
});

describe('a purge', () => {
  it('that dies at any step goes on where it was, on any server', async () => {
    const { deps, admin } = world;
    const ids = await endedTrials(2);
    for (const id of ids) await deleteTrial(deps, admin, { id });
    const dying = (steps: number): Deps => {
      let left = steps;
      const transaction: Deps['database']['transaction'] = (work) => {
        if (left-- === 0) return Promise.reject(new Error('killed'));
        return deps.database.transaction(work);
      };
      return { ...deps, database: { ...deps.database, transaction } };
    };

    let deaths = 0;
    const sizes: number[] = [];
    while ((await rowsOf(ids)).trial !== undefined) {
      await purge(dying(3 + deaths), NEVER_LATE).catch(() => deaths++);
      sizes.push(Object.values(await rowsOf(ids)).reduce((a, b) => a + b, 0));
      if (deaths > 100) break;
    }

    expect(deaths).toBeGreaterThan(2);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect([await rowsOf(ids), await orphans(), await hasBlob('of everybody')]).toEqual([{}, 0, false]);
  });

  it('keeps an artifact whose bytes could not be removed, for the next turn', async () => {
    const { deps, admin } = world;
    const [id] = (await endedTrials(1)) as [TrialId];
    await deleteTrial(deps, admin, { id });
    const broken: Deps = { ...deps, blobs: { ...deps.blobs, delete: () => Promise.reject(new Error('EIO')) } };

    await expect(purge(broken, NEVER_LATE)).rejects.toThrow('EIO');
    expect((await rowsOf([id])).artifact).toBe(2);
    await purge(deps, NEVER_LATE);
    expect([await rowsOf([id]), await hasBlob(`only of ${id}`)]).toEqual([{}, false]);
  });

  it('stops when its time is over, and leaves the turn to one of several servers', async () => {
    const { deps, admin } = world;
    const [id] = (await endedTrials(1)) as [TrialId];
    await deleteTrial(deps, admin, { id });

    expect(await purge(deps, { maxMs: 0 })).toEqual({ trials: 0, more: true });
    const other = await world.openServer();
    await Promise.all([purge(deps, NEVER_LATE), purge(other, NEVER_LATE), purge(deps, NEVER_LATE)]);
    await purge(deps, NEVER_LATE);
    expect(await rowsOf([id])).toEqual({});
  });
});

it('an experiment goes with its trials, and is fenced at once', async () => {
  const { deps, admin } = world;
  const experiment = await addExperiment(world);
  const ids = await endedTrials(2, experiment.id);
  const [kept] = (await endedTrials(1)) as [TrialId];
  const before = await seen(kept);

  await deleteExperiment(deps, admin, { id: experiment.id });

  for (const id of ids) expect(await seen(id)).toMatchObject({ trial: null, series: [], lines: [] });
  expect(
    await deps.metrics.readSeries({ scope: { experimentId: experiment.id }, keys: ['loss'], maxPoints: 10 }),
  ).toMatchObject({ series: [] });
  const batch = { trialId: ids[0]!, attempt: 1, stream: 't', seq: 0, series: [] };
  expect((await reportMetrics(deps, admin, batch)).outcome).toBe('FENCED');
  expect(await codeOf(createTrial(deps, admin, { experimentId: experiment.id, params: {} }))).toBe('NOT_FOUND');
  await purge(deps, NEVER_LATE);
  expect([await rowsOf(ids), await seen(kept)]).toEqual([{}, before]);
  expect(await deps.database.read.query('SELECT 1 FROM experiment WHERE id = $1', [experiment.id])).toEqual([]);
  await addExperiment(world, { name: experiment.name });
});

describe('a project', () => {
  it('goes with all that is in it, for its admins only and by its name, which is free again', async () => {
    const { deps, admin } = world;
    const ids = await endedTrials(1);
    const other = await addProject(world);
    await addSearch(world, { maxTrials: 3, maxParallel: 3 });
    const writer = await addUser(world, { projects: [[world.project.id, 'writer']] });
    const { id, name } = world.project;

    expect(await codeOf(deleteProject(deps, writer, { id, confirm: name }))).toBe('FORBIDDEN');
    expect(await codeOf(deleteProject(deps, admin, { id, confirm: 'other' }))).toBe('INPUT_INVALID');
    expect(await deleteProject(deps, admin, { id, confirm: name, clientRequestId: 'gone' })).toBe(true);
    expect(await deleteProject(deps, admin, { id, confirm: name, clientRequestId: 'gone' })).toBe(true);

    expect(await findProject(deps, admin, { id })).toBeNull();
    for (const trial of ids) expect(await seen(trial)).toMatchObject({ trial: null, series: [], lines: [] });
    expect(await lease(world, await addRunner(world), { max: 3 }), 'nothing is proposed any more').toEqual([]);
    await purge(deps, NEVER_LATE);
    expect(await rowsOf(ids)).toEqual({});
    const left = await deps.database.read.query('SELECT name FROM project WHERE id <> $1 ORDER BY id', [
      '00000000-0000-0000-0000-000000000000',
    ]);
    expect(left).toEqual([{ name: other.name }]);
    for (const table of ['experiment', 'metric_key', 'event', 'algorithm', 'membership'])
      expect([table, await deps.database.read.query(`SELECT 1 FROM ${table} WHERE project_id = $1`, [id])]).toEqual([
        table,
        [],
      ]);
  });

  it('stays while one of its trials runs', async () => {
    const { deps, admin, project } = world;
    await addTrial(world);

    expect(await codeOf(deleteProject(deps, admin, { id: project.id, confirm: project.name }))).toBe('STATE_CONFLICT');
    expect((await findProject(deps, admin, { id: project.id }))?.name).toBe(project.name);
  });
});
