import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPlatformError } from '../../../src/domain/errors.js';
import type { Experiment } from '../../../src/domain/experiment.js';
import type { UserPrincipal } from '../../../src/domain/roles.js';
import { type CreateExperimentInput, createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { createExperimentFromFile } from '../../../src/service/experiment/create-experiment-from-file.js';
import { deleteExperiment } from '../../../src/service/experiment/delete-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { type ListExperimentsInput, listExperiments } from '../../../src/service/experiment/list-experiments.js';
import { bestTrials, experimentCounts, loadExperiments } from '../../../src/service/experiment/load-experiments.js';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { resumeExperiment } from '../../../src/service/experiment/resume-experiment.js';
import { stopExperiment } from '../../../src/service/experiment/stop-experiment.js';
import { encodeCursor } from '../../../src/service/page.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { findTrial } from '../../../src/service/trial/find-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import type { ExperimentOrderBy } from '../../../src/store/queries/experiment-list.js';
import {
  addExperiment,
  addOrganization,
  addProject,
  addTrial,
  addUser,
  codeOf,
  unique,
} from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, finish, lease, trialNow } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const SEARCH = {
  space: { x: { kind: 'float', low: 0, high: 1 } },
  objective: { metric: 'loss', goal: 'minimize' },
} as const;

function create(part: Partial<CreateExperimentInput> = {}, principal = world.admin) {
  return createExperiment(world.deps, principal, { projectId: world.project.id, name: unique('experiment'), ...part });
}

describe('createExperiment', () => {
  it('completes what is not given by defaults', async () => {
    const plain = await create();
    const search = await create({ search: SEARCH, command: ['train'] });

    expect(plain).toMatchObject({
      state: 'ACTIVE',
      search: null,
      algorithmVersionId: null,
      poolId: null,
      resources: { gpus: 0, slots: 1, timeoutSeconds: null },
    });
    expect(search).toMatchObject({
      poolId: world.pool.id,
      search: {
        space: { parameters: [{ name: 'x', kind: 'float', low: 0, high: 1, log: false }] },
        objective: { metric: 'loss', goal: 'minimize', take: 'last' },
        sampler: { kind: 'auto', options: {} },
        pruner: { kind: 'none', options: {} },
        budget: { maxTrials: null, maxParallel: 1, maxHours: null },
        seed: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    });
    expect(search.algorithmVersionId).not.toBeNull();
    await stopExperiment(world.deps, world.admin, { id: search.id });
  });

  it.each([
    [{ search: { ...SEARCH, space: { x: { kind: 'float', low: 2, high: 1 } } } }, 'SPACE_INVALID'],
    [{ search: { ...SEARCH, sampler: { kind: 'magic' } } }, 'METHOD_UNKNOWN'],
    [{ search: { ...SEARCH, pruner: { kind: 'magic' } } }, 'METHOD_UNKNOWN'],
    [{ search: { ...SEARCH, sampler: { kind: 'tpe', options: { nStartup: 'many' } } } }, 'INPUT_INVALID'],
    [{ search: { ...SEARCH, budget: { maxParallel: 0 } } }, 'INPUT_INVALID'],
    [{ search: { ...SEARCH, budget: { maxHours: Number.NaN } } }, 'INPUT_INVALID'],
    [{ pool: 'nowhere' }, 'NOT_FOUND'],
    [{ command: [] }, 'INPUT_INVALID'],
    [{ name: '../x' }, 'NAME_INVALID'],
    [{ project: 'both' }, 'INPUT_INVALID'],
    [{ algorithmVersionId: '018f0000-0000-7000-8000-000000000000' }, 'NOT_FOUND'],
    [{ datasets: [{ channel: 'train', datasetVersionId: '018f0000-0000-7000-8000-000000000000' }] }, 'NOT_FOUND'],
  ] as const)('refuses %o with %s', async (part, code) => {
    expect(await codeOf(create(part as Partial<CreateExperimentInput>))).toBe(code);
  });

  it('lists what exists when a method is unknown, and every problem of a space', async () => {
    const failure = async (part: object) => {
      try {
        await create({ search: { ...SEARCH, ...part } });
      } catch (error) {
        return isPlatformError(error) ? error.data : null;
      }
      return null;
    };

    expect(await failure({ sampler: { kind: 'magic' } })).toMatchObject({
      available: expect.arrayContaining(['random', 'grid', 'tpe']),
    });
    expect(await failure({ space: { a: { kind: 'float' }, b: { kind: 'odd' } } })).toMatchObject({
      problems: [{ path: 'a.low' }, { path: 'a.high' }, { path: 'b.kind' }],
    });
  });

  it('needs a submitter to run a command, and a writer otherwise', async () => {
    const [viewer, writer, submitter] = [
      await addUser(world, { role: 'viewer' }),
      await addUser(world, { role: 'writer' }),
      await addUser(world, { role: 'submitter' }),
    ];
    const foreign = await addOrganization(world);

    expect(await codeOf(create({}, viewer))).toBe('FORBIDDEN');
    expect(await codeOf(create({}, writer))).toBe('no error');
    expect(await codeOf(create({ command: ['train'] }, writer))).toBe('FORBIDDEN');
    const made = await create({ command: ['train'] }, submitter);
    expect(await codeOf(createTrial(world.deps, writer, { experimentId: made.id, params: {} }))).toBe('FORBIDDEN');
    await pauseExperiment(world.deps, writer, { id: made.id });
    expect(await codeOf(resumeExperiment(world.deps, writer, { id: made.id }))).toBe('FORBIDDEN');
    expect(await codeOf(create({}, foreign.admin))).toBe('NOT_FOUND');
    expect(await loadExperiments(world.deps, foreign.admin, [made.id])).toEqual([null]);
  });

  it('refuses a name that is taken, and gives a retry the same experiment', async () => {
    const input = { name: 'same', clientRequestId: 'make' };
    const first = await create(input);

    expect((await create(input)).id).toBe(first.id);
    expect(await codeOf(create({ name: 'same' }))).toBe('NAME_TAKEN');
  });
});

describe('createExperimentFromFile', () => {
  const text = readFileSync('examples/digits/search.yaml', 'utf8');

  it('makes the experiment of the example, with a number where the name is taken', async () => {
    const make = (part: object = {}) =>
      createExperimentFromFile(world.deps, world.admin, { text, seed: 'mine', environment: { A: 'b' }, ...part });
    const [first, second, third] = [await make(), await make(), await make()];

    expect([first.name, second.name, third.name]).toEqual(['digits', 'digits-2', 'digits-3']);
    expect(first).toMatchObject({
      poolId: world.pool.id,
      search: {
        seed: 'mine',
        sampler: { kind: 'auto' },
        pruner: { kind: 'median' },
        budget: { maxTrials: 32, maxParallel: 2 },
      },
    });
    expect(second.algorithmVersionId).not.toBeNull();
    expect(await codeOf(make({ unique: true }))).toBe('NAME_TAKEN');
    expect((await findExperiment(world.deps, world.admin, { path: 'examples/digits-2' }))?.id).toBe(second.id);
    for (const { id } of [first, second, third]) await stopExperiment(world.deps, world.admin, { id });
  });

  it('says what is wrong in the file', async () => {
    expect(await codeOf(createExperimentFromFile(world.deps, world.admin, { text: 'a: 1' }))).toBe(
      'SEARCH_FILE_INVALID',
    );
  });
});

describe('the life of an experiment', () => {
  it('pauses, resumes and stops; what waits is stopped, what runs is asked to', async () => {
    const experiment = await addSearch(world, { maxTrials: 10, maxParallel: 3 });
    const worker = await addRunner(world);
    const [running] = await lease(world, worker);
    const waiting = await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.5 } });

    expect((await pauseExperiment(world.deps, world.admin, { id: experiment.id })).state).toBe('PAUSED');
    expect((await resumeExperiment(world.deps, world.admin, { id: experiment.id })).state).toBe('ACTIVE');
    expect(await stopExperiment(world.deps, world.admin, { id: experiment.id })).toMatchObject({
      state: 'STOPPED',
      endedAt: expect.any(Date),
    });

    expect(await trialNow(world, waiting.id)).toMatchObject({ state: 'STOPPED', stopReason: 'EXPERIMENT' });
    expect(await trialNow(world, running!.trial.id)).toMatchObject({ state: 'RUNNING', stopReason: 'EXPERIMENT' });
    await finish(world, worker, running!, 'LOST');
    expect(await trialNow(world, running!.trial.id)).toMatchObject({ state: 'STOPPED' });
    expect((await experimentCounts(world.deps, world.admin, [experiment.id]))[0]).toMatchObject({
      stopped: 2,
      total: 2,
    });
    expect(
      await codeOf(createTrial(world.deps, world.admin, { experimentId: experiment.id, params: { x: 0.1 } })),
    ).toBe('STATE_CONFLICT');
  });

  it('is deleted with all its trials, but not while one runs', async () => {
    const { trial } = await startTrial(world.deps, world.admin, { project: 'project', experiment: 'short' });

    expect(await codeOf(deleteExperiment(world.deps, world.admin, { id: trial.experimentId }))).toBe('STATE_CONFLICT');
    await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'COMPLETED' });
    expect(await deleteExperiment(world.deps, world.admin, { id: trial.experimentId, clientRequestId: 'gone' })).toBe(
      true,
    );
    expect(await deleteExperiment(world.deps, world.admin, { id: trial.experimentId, clientRequestId: 'gone' })).toBe(
      true,
    );
    expect(await findTrial(world.deps, world.admin, { id: trial.id })).toBeNull();
    expect(await codeOf(deleteExperiment(world.deps, world.admin, { id: trial.experimentId }))).toBe('NOT_FOUND');
  });

  it('is listed newest first, filtered by state and words', async () => {
    const names = ['Apple pie', 'apple tart', 'plum'].map((name) => unique(name));
    for (const name of names) await create({ name });
    const list = async (filter: object, first = 2) => {
      const page = await listExperiments(world.deps, world.admin, { projectId: world.project.id, first, filter });
      return {
        names: page.items.map((experiment) => experiment.name),
        hasNextPage: page.hasNextPage,
        total: await page.total(),
      };
    };

    expect(await list({ search: 'APPLE' }, 1)).toEqual({ names: [names[1]], hasNextPage: true, total: 2 });
    expect(await list({ search: 'apple', states: ['ACTIVE'] })).toEqual({
      names: [names[1], names[0]],
      hasNextPage: false,
      total: 2,
    });
    expect(await list({ search: '%' })).toMatchObject({ names: [], total: 0 });
  });
});

describe('the order of experiments', () => {
  const STATES = ['STOPPED', 'ACTIVE', 'PAUSED', 'ACTIVE', 'COMPLETED', 'ACTIVE', 'STOPPED'] as const;
  const NAMES = ['d', 'b', 'g', 'a', 'f', 'c', 'e'];
  let viewer: UserPrincipal;
  const made: Experiment[] = [];

  /** The same names in two projects; `viewer` sees these two and no others. */
  beforeAll(async () => {
    const projects = [await addProject(world), await addProject(world)];
    viewer = await addUser(world, { projects: projects.map(({ id }) => [id, 'viewer']) });
    for (const [i, name] of NAMES.entries())
      for (const { id: projectId } of projects)
        made.push(await addExperiment(world, { projectId, name, state: STATES[i] ?? 'ACTIVE' }));
  });

  async function readAll(input: Omit<ListExperimentsInput, 'after'>): Promise<string[]> {
    const ids: string[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Awaited<ReturnType<typeof listExperiments>> = await listExperiments(world.deps, viewer, {
        ...input,
        after,
      });
      ids.push(...page.items.map((experiment) => experiment.id));
      if (!page.hasNextPage) return ids;
      after = page.cursors.at(-1) ?? null;
    }
  }

  /** Sorted the plain way. */
  function sorted(experiments: readonly Experiment[], by: ExperimentOrderBy, direction: 'ASC' | 'DESC'): string[] {
    const keyOf = ({ name, state, id }: Experiment) =>
      ({ CREATED_AT: id, NAME: name + id, STATE: `${state} ${id}` })[by];
    const ascending = [...experiments]
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .map((experiment) => experiment.id);
    return direction === 'ASC' ? ascending : ascending.reverse();
  }

  it.each(['CREATED_AT', 'NAME', 'STATE'] as const)('turns the pages by %s as sorting everything would', async (by) => {
    const projectId = made[0]?.projectId ?? null;
    const own = made.filter((experiment) => experiment.projectId === projectId);
    for (const direction of ['ASC', 'DESC'] as const) {
      for (const first of [1, 2, 3, 200]) {
        const orderBy = { by, direction };
        expect(await readAll({ first, orderBy })).toEqual(sorted(made, by, direction));
        expect(await readAll({ first, orderBy, projectId })).toEqual(sorted(own, by, direction));
      }
    }
  });

  it('keeps to the filter, and counts what it lets through', async () => {
    const filter = { states: ['ACTIVE'] } as const;
    const active = made.filter((experiment) => experiment.state === 'ACTIVE');
    const page = await listExperiments(world.deps, viewer, { first: 1, filter, orderBy: { by: 'NAME' } });

    expect(await readAll({ first: 2, filter, orderBy: { by: 'NAME' } })).toEqual(sorted(active, 'NAME', 'ASC'));
    expect(await page.total()).toBe(6);
  });

  it('is newest first when none is asked for', async () => {
    expect(await readAll({ first: 3 })).toEqual(sorted(made, 'CREATED_AT', 'DESC'));
  });

  it('goes on where it was when experiments come and go between two pages', async () => {
    const orderBy = { by: 'NAME', direction: 'DESC' } as const;
    const projectId = (await addProject(world)).id;
    const [a, b] = [
      await addExperiment(world, { projectId, name: 'a' }),
      await addExperiment(world, { projectId, name: 'b' }),
    ];
    const list = (after: string | null) =>
      listExperiments(world.deps, world.admin, { projectId, first: 1, after, orderBy });
    const first = await list(null);

    await addExperiment(world, { projectId, name: 'c' });
    await deleteExperiment(world.deps, world.admin, { id: b.id });
    const second = await list(first.cursors[0] ?? null);

    expect([first.items[0]?.id, second.items[0]?.id, second.hasNextPage]).toEqual([b.id, a.id, false]);
  });

  it.each([
    ['of another direction', encodeCursor('experiments:NAME:DESC', ['a', '018f0000-0000-7000-8000-000000000000'])],
    ['without a name', encodeCursor('experiments:NAME:ASC', ['018f0000-0000-7000-8000-000000000000'])],
    ['with a number for a name', encodeCursor('experiments:NAME:ASC', [1, '018f0000-0000-7000-8000-000000000000'])],
    ['without an id', encodeCursor('experiments:NAME:ASC', ['a', 'b'])],
    ['with too much', encodeCursor('experiments:NAME:ASC', ['a', '018f0000-0000-7000-8000-000000000000', 1])],
  ])('refuses a cursor %s', async (_what, after) => {
    expect(await codeOf(listExperiments(world.deps, viewer, { first: 1, after, orderBy: { by: 'NAME' } }))).toBe(
      'CURSOR_INVALID',
    );
  });
});

it.each([
  ['minimize', 1],
  ['maximize', 3],
] as const)('the best trial of those that %s is finite, completed and the first of its value', async (goal, best) => {
  const experiment = await create({ search: { ...SEARCH, objective: { metric: 'loss', goal } } });
  const values = [Number.NaN, Infinity, -Infinity, 1, 1, 3, 3];
  for (const [number, value] of values.entries())
    await addTrial(world, { experimentId: experiment.id, number, state: 'COMPLETED', value });
  await addTrial(world, { experimentId: experiment.id, number: 90, state: 'PRUNED', value: 0 });
  await addTrial(world, { experimentId: experiment.id, number: 91, state: 'PRUNED', value: 9 });

  const [trial] = await bestTrials(world.deps, world.admin, [experiment.id]);

  expect(trial).toMatchObject({ value: best, number: values.indexOf(best) });
});
