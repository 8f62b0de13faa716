import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlatformError } from '../../src/domain/errors.js';
import type { Principal } from '../../src/domain/roles.js';
import { once } from '../../src/service/once.js';
import { createProject } from '../../src/service/project/create-project.js';
import { listProjects } from '../../src/service/project/list-projects.js';
import { deleteOldRequests } from '../../src/store/queries/client-request.js';
import { addUser, codeOf, unique } from '../support/builders.js';
import { openWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world.close();
});

/** Counts how often the work was done, in the database and in this process. */
async function ask(
  principal: Principal,
  clientRequestId: string | null,
  input: unknown = { a: 1 },
  operation = 'test',
): Promise<unknown> {
  return once(world.deps, principal, { operation, clientRequestId, input }, async (tx) => {
    const [row] = await tx.query<{ n: number }>(`SELECT nextval('calls') AS n`);
    return { n: row?.n, at: new Date(1234), value: Number.NaN };
  });
}

beforeAll(async () => {
  await world.deps.database.transaction((tx) => tx.query('CREATE SEQUENCE calls'));
});

describe('once', () => {
  it('gives a retry the reply of the first request, and does nothing again', async () => {
    const id = unique('request');

    const first = await ask(world.admin, id);
    const second = await ask(world.admin, id);

    expect(second).toStrictEqual(first);
  });

  it('has one effect and equal replies when twenty requests with one id race', async () => {
    const name = unique('raced');
    const input = { name, clientRequestId: unique('request') };

    const projects = await Promise.all(Array.from({ length: 20 }, () => createProject(world.deps, world.admin, input)));

    expect(new Set(projects.map((project) => project.id)).size).toBe(1);
    for (const project of projects) expect(project).toStrictEqual(projects[0]);
    const { items } = await listProjects(world.deps, world.admin, { first: 200 });
    expect(items.filter((project) => project.name === name)).toHaveLength(1);
  });

  it('gives the same reply on another server', async () => {
    const other = await world.openServer();
    const input = { name: unique('project'), clientRequestId: unique('request') };

    const here = await createProject(world.deps, world.admin, input);
    const there = await createProject(other, world.admin, input);

    expect(there).toStrictEqual(here);
  });

  it('refuses the id for another input or another operation', async () => {
    const id = unique('request');
    await ask(world.admin, id, { a: 1, b: 2 });

    expect(await codeOf(ask(world.admin, id, { a: 1, b: 3 }))).toBe('REQUEST_ID_REUSED');
    expect(await codeOf(ask(world.admin, id, { a: 1, b: 2 }, 'other'))).toBe('REQUEST_ID_REUSED');
  });

  it('does not mind the order of keys', async () => {
    const id = unique('request');

    const first = await ask(world.admin, id, { a: 1, b: { c: 1, d: 2 } });

    expect(await ask(world.admin, id, { b: { d: 2, c: 1 }, a: 1 })).toStrictEqual(first);
  });

  it('keeps the ids of different callers apart', async () => {
    const id = unique('request');
    const other = await addUser(world, { role: 'writer' });

    const ours = await ask(world.admin, id);
    const theirs = await ask(other, id);

    expect(theirs).not.toEqual(ours);
  });

  it('forgets a failure: the retry tries again', async () => {
    const request = { operation: 'test', clientRequestId: unique('request'), input: {} };
    let tries = 0;
    const work = async (): Promise<string> => {
      tries += 1;
      if (tries === 1) throw new PlatformError('STATE_CONFLICT', 'not yet');
      return 'done';
    };

    expect(await codeOf(once(world.deps, world.admin, request, work))).toBe('STATE_CONFLICT');
    expect(await once(world.deps, world.admin, request, work)).toBe('done');
    expect(await once(world.deps, world.admin, request, work)).toBe('done');
    expect(tries).toBe(2);
  });

  it('keeps no effect of a work that fails after it wrote', async () => {
    const name = unique('undone');
    const input = { name };

    const work = once(
      world.deps,
      world.admin,
      { operation: 'test', clientRequestId: unique('request'), input },
      async (tx) => {
        await tx.query(`INSERT INTO algorithm (id, project_id, name) VALUES (gen_random_uuid(), $1, $2)`, [
          world.project.id,
          name,
        ]);
        throw new PlatformError('STATE_CONFLICT', 'changed my mind');
      },
    );

    expect(await codeOf(work)).toBe('STATE_CONFLICT');
    expect(await world.deps.database.read.query('SELECT 1 FROM algorithm WHERE name = $1', [name])).toEqual([]);
  });

  it('lets null and false be replies', async () => {
    const request = { operation: 'test', clientRequestId: unique('request'), input: {} };
    let tries = 0;
    const work = async (): Promise<boolean | null> => (tries++ === 0 ? null : true);

    await once(world.deps, world.admin, request, work);

    expect(await once(world.deps, world.admin, request, work)).toBeNull();
  });

  it('does the work every time without an id', async () => {
    expect(await ask(world.admin, null)).not.toEqual(await ask(world.admin, null));
  });

  it.each(['', 'a b', 'x'.repeat(201), 'tab\t', 'ümlaut'])('refuses the malformed id %j', async (id) => {
    expect(await codeOf(ask(world.admin, id))).toBe('INPUT_INVALID');
  });

  it('keeps replies for a day at least', async () => {
    const old = unique('request');
    const young = unique('request');
    await ask(world.admin, old);
    await ask(world.admin, young);
    const age = `UPDATE client_request SET created_at = clock_timestamp() - make_interval(hours => $2) WHERE request_id = $1`;
    await world.deps.database.transaction((tx) => tx.query(age, [old, 49]));
    await world.deps.database.transaction((tx) => tx.query(age, [young, 25]));

    const deleted = await world.deps.database.transaction((tx) => deleteOldRequests(tx, 48 * 3_600_000, 1000));

    expect(deleted).toBe(1);
  });
});
