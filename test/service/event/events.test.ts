import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEvents } from '../../../src/service/event/list-events.js';
import { loadEvents } from '../../../src/service/event/load-events.js';
import { recordChange, recordEvent } from '../../../src/service/event/record.js';
import { changeHorizon, readChanges } from '../../../src/store/changes.js';
import {
  addExperiment,
  addOrganization,
  addTrial,
  addUser,
  codeOf,
  type Foreigners,
  trialPrincipal,
} from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

let world: World;
let foreigners: Foreigners;

beforeAll(async () => {
  world = await openWorld();
  foreigners = await addOrganization(world);
});

afterAll(async () => {
  await world.close();
});

describe('recordEvent', () => {
  it('keeps the event and puts it into the feed, or neither', async () => {
    const { id: experimentId, projectId } = await addExperiment(world);
    const { deps } = world;
    const start = await changeHorizon(deps.database.read);
    const event = {
      projectId,
      experimentId,
      kind: 'EXPERIMENT_CREATED',
      message: 'created',
      data: { by: 'me' },
    } as const;

    const undone = deps.database.transaction(async (tx) => {
      await recordEvent(tx, deps, event);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const kept = await deps.database.transaction((tx) => recordEvent(tx, deps, event));

    let changes: readonly unknown[] = [];
    while (changes.length === 0)
      changes = (await readChanges(deps.database.read, { experimentId, cursor: start, limit: 10 })).changes;
    expect(changes).toEqual([{ kind: 'event', subjectId: kept.id }]);
    expect((await listEvents(deps, world.admin, { experimentId, first: 10 })).items).toEqual([kept]);
  });

  it('takes several changes in one statement, and none', async () => {
    const trial = await addTrial(world);
    const { deps } = world;
    const start = await changeHorizon(deps.database.read);
    const base = { projectId: trial.projectId, experimentId: trial.experimentId };

    await deps.database.transaction(async (tx) => {
      await recordChange(tx, []);
      await recordChange(tx, [
        { ...base, kind: 'experiment', subjectId: trial.experimentId },
        { ...base, kind: 'trial', subjectId: trial.id },
      ]);
    });

    let changes: readonly { kind: string }[] = [];
    const cursor = { experimentId: trial.experimentId, cursor: start, limit: 10 };
    while (changes.length === 0) changes = (await readChanges(deps.database.read, cursor)).changes;
    expect(changes.map((change) => change.kind)).toEqual(['experiment', 'trial']);
  });
});

describe('listEvents', () => {
  it('shows the newest first, page by page, also those of one millisecond', async () => {
    const trial = await addTrial(world);
    const { deps } = world;
    const of = { projectId: trial.projectId, experimentId: trial.experimentId, trialId: trial.id };
    await deps.database.transaction(async (tx) => {
      for (let i = 0; i < 7; i++) await recordEvent(tx, deps, { ...of, kind: 'TRIAL_STARTED', message: String(i) });
    });

    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listEvents(deps, world.admin, { trialId: trial.id, first: 3, after });
      seen.push(...page.items.map((event) => event.message));
      after = page.hasNextPage ? (page.cursors.at(-1) ?? null) : null;
      expect(await page.total()).toBe(7);
    } while (after !== null);

    expect(seen).toEqual(['6', '5', '4', '3', '2', '1', '0']);
  });

  it('wants exactly one subject, and a cursor of the same one', async () => {
    const [a, b] = [await addExperiment(world), await addExperiment(world)];
    const { deps } = world;
    await deps.database.transaction((tx) =>
      recordEvent(tx, deps, { projectId: a.projectId, experimentId: a.id, kind: 'EXPERIMENT_PAUSED', message: '' }),
    );
    const page = await listEvents(deps, world.admin, { experimentId: a.id, first: 1 });

    expect(await codeOf(listEvents(deps, world.admin, { first: 1 }))).toBe('INPUT_INVALID');
    expect(await codeOf(listEvents(deps, world.admin, { experimentId: a.id, projectId: a.projectId, first: 1 }))).toBe(
      'INPUT_INVALID',
    );
    expect(
      await codeOf(listEvents(deps, world.admin, { experimentId: b.id, first: 1, after: page.cursors[0] ?? null })),
    ).toBe('CURSOR_INVALID');
  });

  it('answers for the foreign as for the absent', async () => {
    const trial = await addTrial(world);
    const absent = '00000000-0000-7000-8000-000000000000';
    const strangers = [foreigners.admin, await addUser(world, {}), trialPrincipal(world, trial)];
    const messageOf = (principal: (typeof strangers)[number], subject: object): Promise<string> =>
      listEvents(world.deps, principal, { ...subject, first: 1 }).then(
        () => 'visible',
        (error: Error) => error.message,
      );

    for (const principal of strangers) {
      expect(await messageOf(principal, { trialId: trial.id })).toBe(await messageOf(principal, { trialId: absent }));
      expect(await messageOf(principal, { experimentId: trial.experimentId })).toBe(
        await messageOf(principal, { experimentId: absent }),
      );
    }
    expect(await codeOf(listEvents(world.deps, foreigners.admin, { projectId: world.project.id, first: 1 }))).toBe(
      'NOT_FOUND',
    );
  });
});

describe('loadEvents', () => {
  it('gives the visible ones in the order asked', async () => {
    const { deps } = world;
    const event = await deps.database.transaction((tx) =>
      recordEvent(tx, deps, { projectId: world.project.id, kind: 'JOB_LOST', message: 'gone' }),
    );

    expect(await loadEvents(deps, world.admin, [event.id])).toEqual([event]);
    expect(await loadEvents(deps, foreigners.admin, [event.id])).toEqual([null]);
  });
});
