import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentId, TrialId } from '../../../src/domain/ids.js';
import type { Deps } from '../../../src/service/deps.js';
import { deleteExperiment } from '../../../src/service/experiment/delete-experiment.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { updateTrial } from '../../../src/service/trial/update-trial.js';
import { type FollowTrialsInput, followTrials } from '../../../src/service/trial-live/follow-trials.js';
import { changeHorizon, encodeChangeCursor } from '../../../src/store/changes.js';
import { addExperiment, codeOf } from '../../support/builders.js';
import { until } from '../../support/until.js';
import { openWorld, type World } from '../../support/world.js';
import { foreigner, newRunningTrial, outsider, type RunningTrial } from '../metric/running-trial.js';
import { queried, settled, Watcher } from './watcher.js';

const FILTER = 'metrics.val_loss < 0.2';

let world: World;
let experimentId: ExperimentId;
const watchers: Watcher[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterEach(async () => {
  for (const watcher of watchers.splice(0)) await watcher.cut();
});
afterAll(() => world.close());

async function watch(where: string, deps: Deps = world.deps): Promise<Watcher> {
  const watcher = new Watcher(experimentId, where);
  watchers.push(watcher);
  watcher.connect(deps, world.admin);
  await until(() => watcher.cursor !== null);
  return watcher;
}

const seqs = new Map<TrialId, number>();
async function report({ trialId, token }: RunningTrial, value: number, deps: Deps = world.deps): Promise<void> {
  const seq = seqs.get(trialId) ?? 0;
  const columns = { steps: Float64Array.of(seq), times: Float64Array.of(0), values: Float64Array.of(value) };
  const series = [{ key: 'val_loss', ...columns }];
  const { attempt } = token;
  const { outcome } = await reportMetrics(deps, token, { trialId, attempt, stream: 's', seq, series });
  expect(outcome).toBe('ACCEPTED');
  seqs.set(trialId, seq + 1);
}

describe('following the trials that match a filter', () => {
  it('tells of a trial whose metric crosses the line within a second of the commit, and of its return', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const trial = await newRunningTrial(world, experimentId);
    const other = await newRunningTrial(world, experimentId);
    await report(trial, 0.9);
    const watcher = await watch(FILTER);
    expect(watcher.messages).toMatchObject([{ reset: true, more: false, entered: [], updated: [], left: [] }]);

    await report(other, 0.8);
    await report(trial, 0.1);
    const startedMs = performance.now();
    await until(() => watcher.messages.length > 1);
    const tookMs = performance.now() - startedMs;
    await report(trial, 0.15);
    await until(() => watcher.messages.length > 2);
    await report(trial, 0.3);
    await until(() => watcher.messages.length > 3);

    expect(tookMs).toBeLessThan(1_000);
    const ids = watcher.messages.slice(1).map(({ entered, updated, left }) => ({
      entered: entered.map(({ id }) => id),
      updated: updated.map(({ id }) => id),
      left,
    }));
    expect(ids).toEqual([
      { entered: [trial.trialId], updated: [], left: [] },
      { entered: [], updated: [trial.trialId], left: [] },
      { entered: [], updated: [], left: [trial.trialId] },
    ]);
  });

  it('tells of tags, states, creations and deletions', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const trial = await newRunningTrial(world, experimentId);
    const tagged = await watch('tags HAS "x"');
    const waiting = await watch('state = WAITING');
    const ended = await watch('state = FAILED');

    await updateTrial(world.deps, world.admin, { id: trial.trialId, tags: ['x'] });
    const made = await createTrial(world.deps, world.admin, { experimentId, params: {} });
    await finishTrial(world.deps, trial.token, { trialId: trial.trialId, attempt: 1, state: 'FAILED' });
    await until(() => tagged.set.trials.size + waiting.set.trials.size + ended.set.trials.size === 3);
    await until(() => tagged.set.trials.get(trial.trialId)?.state === 'FAILED');
    await deleteTrial(world.deps, world.admin, { id: made.id });
    await deleteTrial(world.deps, world.admin, { id: trial.trialId });
    await until(() => tagged.set.trials.size + waiting.set.trials.size + ended.set.trials.size === 0);

    expect(waiting.messages.flatMap(({ left }) => left)).toContain(made.id);
  });

  it('goes on from a cursor on another server, with what changed, left and was deleted meanwhile', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const trials: RunningTrial[] = [];
    for (let i = 0; i < 6; i++) trials.push(await newRunningTrial(world, experimentId));
    const [a, b, c, d, e, still] = trials as [
      RunningTrial,
      RunningTrial,
      RunningTrial,
      RunningTrial,
      RunningTrial,
      RunningTrial,
    ];
    for (const trial of [a, b, e, still]) await report(trial, 0.1);
    const watcher = await watch(FILTER);
    await watcher.cut();

    await report(b, 0.5);
    await report(c, 0.05);
    await report(d, 0.7);
    await report(a, 0.12);
    await finishTrial(world.deps, e.token, { trialId: e.trialId, attempt: 1, state: 'FAILED' });
    await deleteTrial(world.deps, world.admin, { id: e.trialId });
    watcher.connect(await world.openServer(), world.admin);
    await until(() => watcher.messages.length > 1);

    const told = watcher.messages[1];
    expect(told?.reset).toBe(false);
    // A transaction that was open elsewhere may hold the cursor back: then the one that did not change is told too.
    const entered = told?.entered.map(({ id }) => id).filter((id) => id !== still.trialId);
    expect(entered?.sort()).toEqual([a.trialId, c.trialId].sort());
    expect([...(told?.left ?? [])].sort()).toEqual([b.trialId, d.trialId, e.trialId].sort());
    expect(await settled(watcher, world.deps, world.admin, experimentId)).toHaveLength(3);
  });

  it('begins in pages of a thousand, and can be cut between them', async () => {
    ({ id: experimentId } = await addExperiment(world));
    await world.deps.database.read.query(
      `INSERT INTO trial (id, project_id, experiment_id, number, state, proposed_by, asked_at)
      SELECT gen_random_uuid(), $1, $2, i, 'WAITING', 'user', 0 FROM generate_series(1, 2500) i`,
      [world.project.id, experimentId],
    );
    const half = followTrials(world.deps, world.admin, { experimentId }, new AbortController().signal);
    const { value: first } = await half.next();
    await half.return();
    const watcher = await watch('state = WAITING');

    expect([first?.reset, first?.more, first?.cursor, first?.entered.length]).toEqual([true, true, null, 1_000]);
    expect(watcher.messages.map(({ reset, more, entered }) => [reset, more, entered.length])).toEqual([
      [true, true, 1_000],
      [false, true, 1_000],
      [false, false, 500],
    ]);
  });

  it('tells a late reader once of what changed often', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const [trial, passing] = [await newRunningTrial(world, experimentId), await newRunningTrial(world, experimentId)];
    const fast = await watch(FILTER);
    const slow = followTrials(world.deps, world.admin, { experimentId, where: FILTER }, new AbortController().signal);
    await slow.next();

    for (const value of [0.1, 0.5, 0.11]) {
      const seen = fast.messages.length;
      await report(trial, value);
      if (value !== 0.11) await report(passing, value);
      await until(() => fast.messages.length > seen && fast.set.trials.has(trial.trialId) === value < 0.2);
    }
    await settled(fast, world.deps, world.admin, experimentId);
    const { value: told } = await slow.next();
    await slow.return();

    expect(told?.entered.map(({ id }) => id)).toEqual([trial.trialId]);
    expect([told?.updated, told?.left]).toEqual([[], []]);
  });

  it('tells of trials that come in as time passes, when the filter names the duration', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const trial = await newRunningTrial(world, experimentId);
    const long = await watch('duration > 3600');
    const short = await watch('duration <= 3600');
    expect([long.set.trials.size, short.set.trials.size]).toEqual([0, 1]);

    world.clock.advance(3_700_000);
    await until(() => long.set.trials.has(trial.trialId) && short.set.trials.size === 0);

    expect(await queried(world.deps, world.admin, experimentId, 'duration > 3600')).toHaveLength(1);
  });

  it('notices without a hint what another server committed', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const trial = await newRunningTrial(world, experimentId);
    const deaf = { ...world.deps, wakeups: { ...world.deps.wakeups, subscribe: silent } };
    const watcher = await watch(FILTER, deaf);

    await report(trial, 0.1, await world.openServer());

    await until(() => watcher.set.trials.has(trial.trialId), 5_000);
  });

  it('finds points while an older transaction is open, and tells of each once', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const trial = await newRunningTrial(world, experimentId);
    const watcher = await watch(FILTER);
    let release: () => void = () => undefined;
    const older = world.deps.database.transaction(async (tx) => {
      await tx.query('SELECT pg_current_xact_id()');
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });

    await report(trial, 0.1);
    await until(() => watcher.set.trials.has(trial.trialId));
    const other = await newRunningTrial(world, experimentId);
    await report(other, 0.1);
    await until(() => watcher.set.trials.has(other.trialId));
    release();
    await older;

    expect(watcher.messages.slice(1).flatMap(({ entered, updated }) => [...entered, ...updated])).toHaveLength(2);
  });

  it('judges once for all who follow the same filter', async () => {
    ({ id: experimentId } = await addExperiment(world));
    const trial = await newRunningTrial(world, experimentId);
    let judged = 0;
    const read = {
      manager: world.deps.database.read.manager,
      query: <Row>(text: string, parameters?: readonly unknown[]) => {
        if (text.includes('/* trial.judge */')) judged += 1;
        return world.deps.database.read.query<Row>(text, parameters);
      },
    };
    const deps = { ...world.deps, database: { ...world.deps.database, read } };
    const many: Watcher[] = [];
    for (let i = 0; i < 20; i++) many.push(await watch(FILTER, deps));
    judged = 0;

    await report(trial, 0.1);
    await until(() => many.every(({ set }) => set.trials.has(trial.trialId)));

    expect(judged).toBe(1);
  });
});

describe('who may follow, and from where', () => {
  const first = async (
    input: Partial<FollowTrialsInput>,
    principal = world.admin as Parameters<typeof followTrials>[1],
  ) => followTrials(world.deps, principal, { experimentId, ...input }, new AbortController().signal).next();

  beforeAll(async () => {
    ({ id: experimentId } = await addExperiment(world));
  });

  it('nobody without a role, and nobody who lost it', async () => {
    expect(await codeOf(first({}, outsider(world)))).toBe('NOT_FOUND');
    expect(await codeOf(first({}, foreigner(world)))).toBe('NOT_FOUND');
    let now: Parameters<typeof followTrials>[1] = world.admin;
    const input = { experimentId, minIntervalMs: 1, recheck: async () => now };
    const stream = followTrials(world.deps, world.admin, input, new AbortController().signal);
    await stream.next();
    const next = stream.next();
    now = outsider(world);
    world.deps.wakeups.notify(`experiment:${experimentId}`);

    expect(await codeOf(next)).toBe('NOT_FOUND');
  });

  it('refuses what is no filter, a cursor of another filter, and one from before a restore', async () => {
    const { value } = await first({ where: FILTER });
    const position = { ...(await changeHorizon(world.deps.database.read)), generation: 'another' };
    const feed = JSON.parse(Buffer.from(value?.cursor ?? '', 'base64url').toString()).feed;
    const foreign = encodeChangeCursor(feed, position, world.clock.now());

    expect(await codeOf(first({ where: 'metrics.loss <' }))).toBe('FILTER_INVALID');
    expect(await codeOf(first({ where: 'state = FAILED', after: value?.cursor ?? '' }))).toBe('CURSOR_INVALID');
    expect(await codeOf(first({ where: FILTER, after: foreign }))).toBe('CURSOR_EXPIRED');
    expect((await first({ where: FILTER })).value?.reset).toBe(true);
  });

  it('ends with NOT_FOUND when the experiment is deleted', async () => {
    const { id } = await addExperiment(world);
    const stream = followTrials(world.deps, world.admin, { experimentId: id }, new AbortController().signal);
    await stream.next();
    const next = stream.next();

    await deleteExperiment(world.deps, world.admin, { id });

    expect(await codeOf(next)).toBe('NOT_FOUND');
  });
});

function silent() {
  const sleep = async (ms: number, signal: AbortSignal) => world.clock.sleep(ms, signal);
  return { count: 0, wait: sleep, close: () => undefined };
}
