import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import type { Trial } from '../../../src/domain/trial.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { resumeExperiment } from '../../../src/service/experiment/resume-experiment.js';
import { type ReviseSearchInput, reviseSearch } from '../../../src/service/experiment/revise-search.js';
import { stopExperiment } from '../../../src/service/experiment/stop-experiment.js';
import { loadRevisions, loadTrialRevisions } from '../../../src/service/search/load-revisions.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { addExperiment, addOrganization, addUser, codeOf, trialPrincipal, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lease } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const SPACE = { x: { kind: 'int', low: 0, high: 9 } };

function addAsked(maxTrials: number | null = 2): Promise<Experiment> {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('revised'),
    search: {
      space: SPACE,
      objective: { metric: 'loss', goal: 'minimize' },
      sampler: { kind: 'random' },
      budget: { maxTrials, maxParallel: 20 },
    },
  });
}

function revise({ id }: Experiment, input: Omit<ReviseSearchInput, 'experimentId'>, principal = world.admin) {
  return reviseSearch(world.deps, principal, { experimentId: id, ...input });
}

async function ask({ id }: Experiment): Promise<Trial | null> {
  return (await askTrial(world.deps, world.admin, { experimentId: id })).started?.trial ?? null;
}

async function tell(experiment: Experiment, value = 1): Promise<Trial> {
  const trial = await ask(experiment);
  await finishTrial(world.deps, world.admin, { trialId: trial!.id, attempt: 1, state: 'COMPLETED', value });
  return trial!;
}

async function now({ id }: Experiment): Promise<Experiment> {
  return (await findExperiment(world.deps, world.admin, { id }))!;
}

async function eventsOf({ id }: Experiment, kind: string): Promise<string[]> {
  const rows = await world.deps.database.read.query<{ message: string }>(
    `/* test */ SELECT message FROM event WHERE experiment_id = $1 AND kind = $2 ORDER BY at, id`,
    [id, kind],
  );
  return rows.map(({ message }) => message);
}

describe('a budget that is revised', () => {
  it('lets a completed search go on when that is asked for, from where it was', async () => {
    const experiment = await addAsked(2);
    for (let i = 0; i < 2; i++) await tell(experiment);
    expect(await now(experiment)).toMatchObject({ state: 'COMPLETED', endedAt: expect.any(Date) });

    const extended = await revise(experiment, { budget: { maxTrials: 3 } });
    expect(extended).toMatchObject({ state: 'COMPLETED', search: { budget: { maxTrials: 3, maxParallel: 20 } } });
    expect(await ask(experiment)).toBeNull();

    expect(await resumeExperiment(world.deps, world.admin, { id: experiment.id })).toMatchObject({
      state: 'ACTIVE',
      endedAt: null,
    });
    expect(await tell(experiment)).toMatchObject({ number: 2 });
    expect((await now(experiment)).state).toBe('COMPLETED');
    expect(await eventsOf(experiment, 'SEARCH_REVISED')).toEqual(['revision 2 from trial 2 on: maxTrials 3']);
  });

  it('goes on in one step for one that was stopped, with runners at work again', async () => {
    const experiment = await addSearch(world, { maxTrials: 4, maxParallel: 1 });
    const worker = await addRunner(world);
    const [first] = await lease(world, worker);
    await finish(world, worker, first!, 'FAILED', 'OOM');
    await stopExperiment(world.deps, world.admin, { id: experiment.id });
    expect(await lease(world, worker, { max: 5 })).toEqual([]);

    const { state } = await revise(experiment, { budget: { maxParallel: 3, maxHours: 24 }, resume: true });

    expect(state).toBe('ACTIVE');
    expect((await lease(world, worker, { max: 5 })).map(({ trial }) => trial.number)).toEqual([1, 2, 3]);
    await stopExperiment(world.deps, world.admin, { id: experiment.id });
  });

  it('is refused to resume when it is still spent, and then nothing has changed', async () => {
    const experiment = await addAsked(2);
    for (let i = 0; i < 2; i++) await tell(experiment);

    expect(await codeOf(resumeExperiment(world.deps, world.admin, { id: experiment.id }))).toBe('STATE_CONFLICT');
    expect(await codeOf(revise(experiment, { budget: { maxTrials: 1 }, resume: true }))).toBe('STATE_CONFLICT');
    expect((await now(experiment)).search).toMatchObject({ budget: { maxTrials: 2 }, revision: 1 });
    expect(await eventsOf(experiment, 'EXPERIMENT_RESUMED')).toEqual([]);
  });

  it('completes a running search when it is made smaller than what there is', async () => {
    const experiment = await addAsked(null);
    for (let i = 0; i < 3; i++) await tell(experiment);

    expect((await revise(experiment, { budget: { maxTrials: 3 } })).state).toBe('COMPLETED');
  });

  it('leaves a paused one paused, and removes a limit by null', async () => {
    const experiment = await addAsked(5);
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });

    const revised = await revise(experiment, { budget: { maxTrials: null } });

    expect(revised).toMatchObject({ state: 'PAUSED', search: { budget: { maxTrials: null, maxHours: null } } });
    expect((await revise(experiment, { resume: true })).state).toBe('ACTIVE');
    expect((await now(experiment)).search?.revision).toBe(2);
  });

  it('is one revision however often the request is sent, and none when nothing is different', async () => {
    const experiment = await addAsked(2);
    const input = { budget: { maxTrials: 9 }, clientRequestId: unique('request') };
    await Promise.all([revise(experiment, input), revise(experiment, input)]);
    await revise(experiment, { budget: { maxTrials: 9 }, space: { parameters: [{ name: 'x', ...SPACE.x }] } });

    expect((await now(experiment)).search).toMatchObject({ revision: 2, budget: { maxTrials: 9 } });
    expect(await eventsOf(experiment, 'SEARCH_REVISED')).toHaveLength(1);
  });

  it('is kept for ever, so that there may be a thousand of them and no more', async () => {
    const experiment = await addAsked(2);
    await world.deps.database.transaction((tx) =>
      tx.query(`/* test */ UPDATE experiment SET search = jsonb_set(search, '{revision}', '999') WHERE id = $1`, [
        experiment.id,
      ]),
    );

    expect((await revise(experiment, { budget: { maxTrials: 3 } })).search?.revision).toBe(1_000);
    await expect(revise(experiment, { budget: { maxTrials: 4 } })).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: `${experiment.name} has 1000 revisions: start another search`,
    });
    expect((await now(experiment)).search).toMatchObject({ revision: 1_000, budget: { maxTrials: 3 } });
    expect((await revise(experiment, { budget: { maxTrials: 3 } })).search?.revision, 'nothing to change').toBe(1_000);
  });

  it.each([
    [{ budget: { maxTrials: 0 } }, 'INPUT_INVALID'],
    [{ budget: { maxHours: -1 } }, 'INPUT_INVALID'],
    [{ space: { x: { kind: 'float', low: 2, high: 1 } } }, 'SPACE_INVALID'],
    [{ file: 'parameters: { x: { min: 2, max: 1 } }' }, 'SEARCH_FILE_INVALID'],
    [{ file: 'parameters: { x: { min: 0, max: 1 } }', space: SPACE }, 'INPUT_INVALID'],
  ] as const)('refuses %j as %s', async (input, code) => {
    expect(await codeOf((async () => revise(await addAsked(), input))())).toBe(code);
  });

  it('is for writers, for submitters where runners execute, and for searches only', async () => {
    const [viewer, writer] = [await addUser(world, { role: 'viewer' }), await addUser(world, { role: 'writer' })];
    const [asked, executed] = [await addAsked(), await addSearch(world)];
    const change = { budget: { maxTrials: 50 } };

    expect(await codeOf(revise(asked, change, viewer))).toBe('FORBIDDEN');
    expect(await codeOf(revise(executed, change, writer))).toBe('FORBIDDEN');
    expect(await codeOf(revise(asked, change, (await addOrganization(world)).admin))).toBe('NOT_FOUND');
    expect(await codeOf(revise(await addExperiment(world), change))).toBe('STATE_CONFLICT');
    expect((await revise(asked, change, writer)).search?.budget.maxTrials).toBe(50);
  });
});

describe('a space that is revised', () => {
  it('is obeyed by every later proposal, while earlier trials and those that wait stay as they are', async () => {
    const experiment = await addAsked(null);
    const before = [await tell(experiment), await tell(experiment)];
    const waiting = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 9 } });

    const space = { x: { kind: 'int', low: 0, high: 4 }, y: { kind: 'float', low: 0, high: 1, default: 0.5 } };
    const revised = await revise(experiment, { space });

    expect(revised.search).toMatchObject({ revision: 2, space: { parameters: [{ name: 'x' }, { name: 'y' }] } });
    expect(await ask(experiment)).toMatchObject({ id: waiting.id, params: { x: 9 } });
    const later = [];
    for (let i = 0; i < 8; i++) later.push((await ask(experiment))!);
    for (const { params } of later) {
      expect(params.x).toBeLessThanOrEqual(4);
      expect(params.y).toBeTypeOf('number');
    }
    expect(await codeOf(createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 9 } }))).toBe(
      'INPUT_INVALID',
    );
    const ids = [...before, waiting, ...later].map(({ id }) => id);
    expect(await loadTrialRevisions(world.deps, world.admin, ids)).toEqual([1, 1, 1, ...later.map(() => 2)]);
  });

  it('numbers trials on when the newest are not legal in it', async () => {
    const experiment = await addAsked(null);
    for (let i = 0; i < 4; i++) await ask(experiment);

    await revise(experiment, { space: { x: { kind: 'int', low: 20, high: 29 } } });
    const values = [];
    for (let i = 0; i < 10; i++) values.push((await ask(experiment))?.params.x);

    expect(new Set(values).size).toBe(10);
    expect(await ask(experiment), 'the space is exhausted').toBeNull();
  });

  it('lets a search go on that had exhausted its space', async () => {
    const experiment = await addAsked(null);
    for (let i = 0; i < 10; i++) await tell(experiment);
    expect([await ask(experiment), (await now(experiment)).state]).toEqual([null, 'COMPLETED']);

    await revise(experiment, { file: 'parameters: { x: { min: 0, max: 10 } }', resume: true });

    expect((await ask(experiment))?.params).toEqual({ x: 10 });
  });

  it('is listed with those before it, and by whom', async () => {
    const experiment = await addAsked(7);
    const [only] = await loadRevisions(world.deps, world.admin, [experiment.id]);
    expect(only).toMatchObject([{ number: 1, fromTrial: 0, budget: { maxTrials: 7 }, createdBy: null }]);
    expect(only![0]!.createdAt).toEqual(experiment.createdAt);

    const trial = await tell(experiment);
    await revise(experiment, { space: { x: { kind: 'int', low: 0, high: 4 } } });
    await revise(experiment, { budget: { maxTrials: 8 } });

    const [listed] = await loadRevisions(world.deps, world.admin, [experiment.id]);
    expect(listed).toMatchObject([
      { number: 1, fromTrial: 0, space: { parameters: [{ high: 9 }] }, budget: { maxTrials: 7 }, createdBy: null },
      { number: 2, fromTrial: 1, space: { parameters: [{ high: 4 }] }, createdBy: `user:${world.admin.userId}` },
      { number: 3, fromTrial: 1, space: { parameters: [{ high: 4 }] }, budget: { maxTrials: 8 } },
    ]);
    expect(listed![0]!.createdAt).toEqual(experiment.createdAt);
    const { admin } = await addOrganization(world);
    expect(await loadRevisions(world.deps, admin, [experiment.id])).toEqual([[]]);
    expect(await loadTrialRevisions(world.deps, admin, [trial.id])).toEqual([null]);
    expect(await loadTrialRevisions(world.deps, trialPrincipal(world, trial), [trial.id])).toEqual([1]);
    const folder = await addExperiment(world);
    expect(await loadRevisions(world.deps, world.admin, [folder.id])).toEqual([[]]);
  });
});

describe('a search that was stored by a release before', () => {
  it('has the defaults of what it lacks, and can be revised', async () => {
    const experiment = await addAsked(2);
    await world.deps.database.transaction((tx) =>
      tx.query(`/* test */ UPDATE experiment SET search = search - 'failureLimit' - 'revision' WHERE id = $1`, [
        experiment.id,
      ]),
    );

    expect((await now(experiment)).search).toMatchObject({ failureLimit: 5, revision: 1 });
    expect((await revise(experiment, { budget: { maxTrials: 3 } })).search).toMatchObject({ revision: 2 });
  });
});
