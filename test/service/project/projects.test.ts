import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../../../src/domain/project.js';
import type { Principal } from '../../../src/domain/roles.js';
import { createProject } from '../../../src/service/project/create-project.js';
import { ensureProject } from '../../../src/service/project/ensure-project.js';
import { findProject } from '../../../src/service/project/find-project.js';
import { listProjects } from '../../../src/service/project/list-projects.js';
import { loadProjects } from '../../../src/service/project/load-projects.js';
import {
  addOrganization,
  addProject,
  addService,
  addUser,
  codeOf,
  type Foreigners,
  unique,
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

async function idsSeenBy(principal: Principal): Promise<string[]> {
  return (await listProjects(world.deps, principal, { first: 200 })).items.map((project) => project.id);
}

function ensure(principal: Principal, name: string): Promise<Project> {
  return world.deps.database.transaction((tx) => ensureProject(tx, world.deps, principal, name));
}

describe('createProject', () => {
  it('makes a project that can be found by id and by name', async () => {
    const project = await createProject(world.deps, world.admin, { name: unique('project'), description: 'what for' });

    expect(await findProject(world.deps, world.admin, { id: project.id })).toEqual(project);
    expect(await findProject(world.deps, world.admin, { name: project.name })).toEqual(project);
    expect(project.description).toBe('what for');
  });

  it('takes a name once in an organization, in whatever spelling', async () => {
    await createProject(world.deps, world.admin, { name: 're\u0301sume\u0301' });

    expect(await codeOf(createProject(world.deps, world.admin, { name: 'r\u00e9sum\u00e9' }))).toBe('NAME_TAKEN');
    expect(await codeOf(createProject(world.deps, foreigners.admin, { name: 'r\u00e9sum\u00e9' }))).toBe('no error');
  });

  it('needs a writer of the organization', async () => {
    const principals = [
      await addUser(world, { role: 'viewer' }),
      await addUser(world, { projects: [[world.project.id, 'admin']] }),
      await addService(world, 'admin', world.project.id),
    ];

    for (const principal of principals)
      expect(await codeOf(createProject(world.deps, principal, { name: unique('p') }))).toBe('FORBIDDEN');
    const writer = await addUser(world, { role: 'writer' });
    expect(await codeOf(createProject(world.deps, writer, { name: unique('p') }))).toBe('no error');
  });

  it('checks its texts', async () => {
    expect(await codeOf(createProject(world.deps, world.admin, { name: '../x' }))).toBe('NAME_INVALID');
    expect(await codeOf(createProject(world.deps, world.admin, { name: unique('p'), description: 'a\0b' }))).toBe(
      'INPUT_INVALID',
    );
    expect(
      await codeOf(createProject(world.deps, world.admin, { name: unique('p'), description: 'x'.repeat(65_537) })),
    ).toBe('LIMIT_EXCEEDED');
  });
});

describe('what is visible of projects', () => {
  it('is all of one organization to its members, and nothing of another', async () => {
    const viewer = await addUser(world, { role: 'viewer' });

    expect(await idsSeenBy(viewer)).toContain(world.project.id);
    expect(await idsSeenBy(viewer)).not.toContain(foreigners.project.id);
    expect(await idsSeenBy(foreigners.admin)).not.toContain(world.project.id);
  });

  it('is their own projects to members of projects', async () => {
    const other = await addProject(world);
    const member = await addUser(world, { projects: [[other.id, 'viewer']] });

    const page = await listProjects(world.deps, member, { first: 1 });

    expect(page.items).toEqual([other]);
    expect(page.hasNextPage).toBe(false);
    expect(await page.total()).toBe(1);
  });

  it('is nothing to a user without roles', async () => {
    expect(await idsSeenBy(await addUser(world, {}))).toEqual([]);
  });

  it('does not tell a foreign project from an absent or impossible one', async () => {
    const stranger = await addUser(world, {});
    const absent = '00000000-0000-7000-8000-000000000000';

    for (const id of [foreigners.project.id, absent, 'not an id', '']) {
      expect(await findProject(world.deps, world.admin, { id })).toBeNull();
    }
    expect(await findProject(world.deps, world.admin, { name: foreigners.project.name })).toBeNull();
    expect(await findProject(world.deps, stranger, { id: world.project.id })).toBeNull();
    expect(await findProject(world.deps, stranger, { name: world.project.name })).toBeNull();
  });

  it('holds for loaders, which answer in the order asked', async () => {
    const own = await addProject(world);
    const ids = [own.id, foreigners.project.id, world.project.id, own.id];

    expect(await loadProjects(world.deps, world.admin, ids)).toEqual([own, null, world.project, own]);
    expect(await loadProjects(world.deps, await addUser(world, {}), ids)).toEqual([null, null, null, null]);
  });
});

describe('listProjects', () => {
  it('walks through all pages, also when projects are made meanwhile', async () => {
    for (let i = 0; i < 5; i++) await addProject(world);
    const before = await idsSeenBy(world.admin);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await listProjects(world.deps, world.admin, { first: 2, after });
      seen.push(...page.items.map((project) => project.id));
      after = page.hasNextPage ? (page.cursors.at(-1) ?? null) : null;
      if (seen.length === 2) await addProject(world);
    } while (after !== null);

    expect(seen.slice(0, before.length)).toEqual(before);
    expect(seen).toHaveLength(before.length + 1);
  });
});

describe('findProject', () => {
  it('wants exactly one of id and name', async () => {
    expect(await codeOf(findProject(world.deps, world.admin, {}))).toBe('INPUT_INVALID');
    expect(await codeOf(findProject(world.deps, world.admin, { id: 'a', name: 'b' }))).toBe('INPUT_INVALID');
  });
});

describe('ensureProject', () => {
  it('makes the project once, also when many ask at the same moment', async () => {
    const name = unique('ensured');

    const projects = await Promise.all(Array.from({ length: 8 }, () => ensure(world.admin, name)));

    expect(new Set(projects.map((project) => project.id)).size).toBe(1);
  });

  it('gives a writer of the project what is there, and makes it nothing', async () => {
    const writer = await addUser(world, { projects: [[world.project.id, 'writer']] });

    expect(await ensure(writer, world.project.name)).toEqual(world.project);
    expect(await codeOf(ensure(writer, unique('missing')))).toBe('FORBIDDEN');
  });

  it('does not tell a stranger whether a name is taken', async () => {
    const other = await addProject(world);
    const stranger = await addUser(world, { projects: [[world.project.id, 'admin']] });
    const errorOf = (name: string): Promise<unknown> => ensure(stranger, name).catch((error: Error) => error.message);

    expect(await errorOf(other.name)).toBe(await errorOf(unique('missing')));
  });

  it('refuses viewers', async () => {
    const viewer = await addUser(world, { role: 'viewer' });

    expect(await codeOf(ensure(viewer, world.project.name))).toBe('FORBIDDEN');
  });
});
