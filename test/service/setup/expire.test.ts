import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TrialId } from '../../../src/domain/ids.js';
import type { Project } from '../../../src/domain/project.js';
import type { Deps } from '../../../src/service/deps.js';
import { reportLogs } from '../../../src/service/log/report-logs.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { findProject } from '../../../src/service/project/find-project.js';
import { setRetention } from '../../../src/service/project/set-retention.js';
import { expire } from '../../../src/service/setup/expire.js';
import { findTrial } from '../../../src/service/trial/find-trial.js';
import { addExperiment, addProject, addTrial, addUser, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

let world: World;
let project: Project;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  project = await addProject(world);
});
afterAll(() => world.close());

const DAY_MS = 86_400_000;
const NEVER_LATE = { maxMs: 1e9 };
const steps = Float64Array.from({ length: 5_000 }, (_, i) => i);

/** A trial with points, some compacted, and a line; ended this many days ago, or running. */
async function addFilled(daysAgo: number | null): Promise<TrialId> {
  const { deps, admin } = world;
  const end =
    daysAgo === null ? {} : ({ state: 'COMPLETED', endedAt: new Date(Date.now() - daysAgo * DAY_MS) } as const);
  const { id: experimentId } = await addExperiment(world, { projectId: project.id });
  const { id } = await addTrial(world, { projectId: project.id, experimentId, ...end });
  await report(id, 0, steps);
  await deps.metrics.compact({ tailWindowMs: 0, maxMs: 1e9 });
  await report(id, steps.length, Float64Array.of(1));
  const times = Float64Array.of(1, 2);
  await reportLogs(deps, admin, {
    trialId: id,
    attempt: 1,
    stream: 'console',
    seq: 0,
    lines: ['a', 'b'],
    sources: ['STDOUT', 'STDOUT'],
    times,
  });
  return id;
}

function report(id: TrialId, seq: number, values: Float64Array) {
  const series = [{ key: 'loss', steps: values, times: values, values }];
  return reportMetrics(world.deps, world.admin, { trialId: id, attempt: 1, stream: 's', seq, series });
}

async function pointsOf(id: TrialId): Promise<number> {
  const { series } = await world.deps.metrics.readSeries({ scope: { trialIds: [id] }, keys: ['loss'], maxPoints: 100 });
  return series.reduce((sum, one) => sum + one.count, 0);
}

function linesOf(id: TrialId, after: string | null = null) {
  return world.deps.logs.readPage({ trialId: id, attempt: 1, stream: 'console', after, tail: null, first: 1 });
}

/** Rows of points and lines in the tables. */
async function rowsOf(id: TrialId): Promise<number[]> {
  const of = (table: string, stream: string) =>
    `(SELECT count(*)::int FROM ${table} r JOIN ${stream} s ON s.id = r.stream_id WHERE s.trial_id = $1)`;
  const [row] = await world.deps.database.read.query<{ n: number[] }>(
    `SELECT ARRAY[${of('metric_segment', 'metric_stream')}, ${of('metric_chunk', 'metric_stream')},
      ${of('metric_rollup', 'metric_stream')}, ${of('log_segment', 'log_stream')}] AS n`,
    [id],
  );
  return row?.n ?? [];
}

async function keep(metricDays: number | null, logDays: number | null): Promise<void> {
  await setRetention(world.deps, world.admin, { projectId: project.id, metricDays, logDays });
}

describe('what a project keeps', () => {
  it('is everything for ever, unless it says otherwise', async () => {
    const id = await addFilled(10_000);

    expect(await expire(world.deps, NEVER_LATE)).toEqual({ trials: 0 });
    expect([await pointsOf(id), (await linesOf(id)).lines]).toEqual([5_001, ['a']]);
  });

  it('is set by its admins, in days', async () => {
    const { deps, admin } = world;
    const writer = await addUser(world, { projects: [[project.id, 'writer']] });
    const set = (principal: typeof admin, metricDays: number | null) =>
      setRetention(deps, principal, { projectId: project.id, metricDays, logDays: 7 });

    expect(await codeOf(set(writer, 30))).toBe('FORBIDDEN');
    for (const days of [0, 1.5, 36_501, Number.NaN]) expect(await codeOf(set(admin, days))).toBe('INPUT_INVALID');
    expect(await set(admin, 30)).toMatchObject({ metricRetentionDays: 30, logRetentionDays: 7 });
    await set(admin, null);
    expect(await findProject(deps, admin, { id: project.id })).toMatchObject({ metricRetentionDays: null });
  });
});

describe('what is due', () => {
  it('goes, and the trial says so; younger, running and foreign trials keep theirs, and so do summaries', async () => {
    const { deps, admin } = world;
    const [old, young, running] = [await addFilled(31), await addFilled(29), await addFilled(null)];
    const here = project;
    project = await addProject(world);
    const foreign = await addFilled(31);
    project = here;
    const summary = await deps.metrics.readSummaries([old], null);

    await keep(30, null);
    expect(await expire(deps, NEVER_LATE)).toEqual({ trials: 1 });

    const counts = [];
    for (const id of [old, young, running, foreign]) counts.push(await pointsOf(id));
    expect(counts).toEqual([0, 5_001, 5_001, 5_001]);
    expect(await rowsOf(old)).toEqual([0, 0, 0, 1]);
    expect(await findTrial(deps, admin, { id: old })).toMatchObject({
      pointsExpiredAt: expect.any(Date),
      logsExpiredAt: null,
    });
    expect((await findTrial(deps, admin, { id: young }))?.pointsExpiredAt).toBeNull();
    expect(await deps.metrics.readSummaries([old], null)).toEqual(summary);
    expect((await linesOf(old)).lines).toEqual(['a']);
    expect(await expire(deps, NEVER_LATE)).toEqual({ trials: 0 });
  });

  it('leaves cursors valid, at their end', async () => {
    const { deps } = world;
    const id = await addFilled(31);
    const scope = { trialIds: [id] };
    const { cursor } = await deps.metrics.readTail({ scope, keys: null, after: null, limitPoints: 10 });
    const line = await linesOf(id);

    await keep(30, 30);
    await expire(deps, NEVER_LATE);

    expect(await deps.metrics.readTail({ scope, keys: null, after: cursor, limitPoints: 10 })).toMatchObject({
      series: [],
      more: false,
    });
    for (const after of [line.cursor, null])
      expect(await linesOf(id, after)).toMatchObject({ lines: [], hasMore: false });
    expect((await linesOf(id, (await linesOf(id)).cursor)).hasMore).toBe(false);
  });

  it('refuses what comes later as FENCED, and takes it from a new attempt', async () => {
    const { deps } = world;
    const id = await addFilled(31);
    await keep(30, null);
    await expire(deps, NEVER_LATE);

    expect((await report(id, 5_001, Float64Array.of(2))).outcome).toBe('FENCED');
    await deps.database.transaction(async (tx) => {
      await tx.query("UPDATE trial SET state = 'RUNNING' WHERE id = $1", [id]);
      await tx.query('UPDATE trial_lease SET attempt = 2 WHERE trial_id = $1', [id]);
    });
    const series = [{ key: 'loss', steps, times: steps, values: steps }];
    const again = { trialId: id, attempt: 2, stream: 's', seq: 0, series };
    expect((await reportMetrics(deps, world.admin, again)).outcome).toBe('ACCEPTED');
    expect(await pointsOf(id)).toBe(5_000);
  });

  it('is hidden before it goes, and goes in the end whenever the work dies', async () => {
    const { deps } = world;
    const ids = [await addFilled(31), await addFilled(32)];
    await keep(30, 30);
    const counts = new Set<number>();
    for (let life = 1; life < 40; life++) {
      let left = life;
      const transaction: Deps['database']['transaction'] = (work) =>
        left-- === 0 ? Promise.reject(new Error('killed')) : deps.database.transaction(work);
      await expire({ ...deps, database: { ...deps.database, transaction } }, NEVER_LATE).catch(() => undefined);
      for (const id of ids) counts.add(await pointsOf(id));
    }

    expect([...counts].sort(), 'all or nothing is seen').toEqual([0, 5_001]);
    for (const id of ids) expect(await rowsOf(id)).toEqual([0, 0, 0, 0]);
  });
});
