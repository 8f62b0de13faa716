import { afterAll, beforeAll, expect, it } from 'vitest';
import { listUsers } from '../../../src/service/user/list-users.js';
import { addOrganization, addService, addUser, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(async () => {
  await world.close();
});

it('shows the people of the organization to its members, and nobody else', async () => {
  const foreigners = await addOrganization(world);
  const viewer = await addUser(world, { role: 'viewer' });

  const page = await listUsers(world.deps, viewer, { first: 200 });
  const ids = page.items.map((user) => user.id);

  expect(ids).toContain(world.admin.userId);
  expect(ids).not.toContain(foreigners.admin.userId);
  expect(await page.total()).toBe(ids.length);
});

it('shows a member of single projects only itself', async () => {
  const member = await addUser(world, { projects: [[world.project.id, 'admin']] });

  const page = await listUsers(world.deps, member, { first: 200 });

  expect(page.items.map((user) => user.id)).toEqual([member.userId]);
  expect(await page.total()).toBe(1);
});

it('shows nobody to the service key of a project', async () => {
  expect(await codeOf(listUsers(world.deps, await addService(world, 'admin', world.project.id), { first: 1 }))).toBe(
    'FORBIDDEN',
  );
});
