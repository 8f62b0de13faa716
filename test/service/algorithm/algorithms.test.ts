import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAlgorithm } from '../../../src/service/algorithm/find-algorithm.js';
import { listAlgorithms } from '../../../src/service/algorithm/list-algorithms.js';
import {
  loadAlgorithms,
  loadAlgorithmVersions,
  loadVersionsByAlgorithm,
} from '../../../src/service/algorithm/load-algorithms.js';
import { type RegisterAlgorithmInput, registerAlgorithm } from '../../../src/service/algorithm/register-algorithm.js';
import { addOrganization, addUser, codeOf, type Foreigners, unique } from '../../support/builders.js';
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

function register(
  part: Partial<RegisterAlgorithmInput>,
  principal = world.admin,
): ReturnType<typeof registerAlgorithm> {
  return registerAlgorithm(world.deps, principal, {
    projectId: world.project.id,
    name: unique('algorithm'),
    command: ['python', 'train.py'],
    ...part,
  });
}

describe('registerAlgorithm', () => {
  it('makes version 1, 2, 3 … of a name', async () => {
    const name = unique('algorithm');

    const versions = [
      await register({ name }),
      await register({ name, command: ['b'] }),
      await register({ name, source: 'git@x' }),
    ];

    expect(versions.map((one) => one.version)).toEqual([1, 2, 3]);
    expect(new Set(versions.map((one) => one.algorithmId)).size).toBe(1);
  });

  it('gives the latest version when nothing differs', async () => {
    const part = { name: unique('algorithm'), environment: { B: '2', A: '1' }, workingDirectory: '/src' };

    const first = await register(part);

    expect(await register({ ...part, environment: { A: '1', B: '2' } })).toEqual(first);
    expect((await register({ ...part, environment: { A: '1' } })).version).toBe(2);
    expect((await register(part)).version).toBe(3);
  });

  it('numbers versions without gap or duplicate when twenty are registered at once', async () => {
    const name = unique('algorithm');

    const versions = await Promise.all(
      Array.from({ length: 20 }, (_, i) => register({ name, command: ['run', String(i)] })),
    );

    expect(versions.map((one) => one.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  it('keeps command and environment as they are: no shell ever reads them', async () => {
    const command = ['sh', '-c', 'echo "$(id)"; `reboot`', '', 'ü'];
    const { id } = await register({ command, environment: { PATH: '/bin:$HOME' } });

    const [version] = await loadAlgorithmVersions(world.deps, world.admin, [id]);

    expect(version).toMatchObject({ command, environment: { PATH: '/bin:$HOME' } });
  });

  it.each<[string, Partial<RegisterAlgorithmInput>, string]>([
    ['an empty command', { command: [] }, 'INPUT_INVALID'],
    ['a command without a program', { command: ['', 'x'] }, 'INPUT_INVALID'],
    ['NUL in the command', { command: ['a', 'b\0'] }, 'INPUT_INVALID'],
    ['too many arguments', { command: Array(1001).fill('a') }, 'LIMIT_EXCEEDED'],
    ['a variable with an odd name', { environment: { 'A=B': 'x' } }, 'INPUT_INVALID'],
    ['a variable that is no text', { environment: { A: 1 } }, 'INPUT_INVALID'],
    ['an environment that is a list', { environment: ['A'] }, 'INPUT_INVALID'],
    ['a bad name', { name: 'a/../b' }, 'NAME_INVALID'],
    ['an id that is none', { projectId: 'x' }, 'NOT_FOUND'],
  ])('refuses %s', async (_, part, code) => {
    expect(await codeOf(register(part))).toBe(code);
  });

  it('needs a writer of the project', async () => {
    const viewer = await addUser(world, { projects: [[world.project.id, 'viewer']] });

    expect(await codeOf(register({}, viewer))).toBe('FORBIDDEN');
    expect(await codeOf(register({}, await addUser(world, {})))).toBe('NOT_FOUND');
    expect(await codeOf(register({}, foreigners.admin))).toBe('NOT_FOUND');
    expect(await codeOf(register({ projectId: foreigners.project.id }))).toBe('NOT_FOUND');
  });
});

describe('reading algorithms', () => {
  it('shows them to members of the project, with their versions, newest first', async () => {
    const name = unique('algorithm');
    const first = await register({ name, description: 'one' });
    const second = await register({ name, command: ['other'] });

    const algorithm = await findAlgorithm(world.deps, world.admin, { id: first.algorithmId });
    const page = await listAlgorithms(world.deps, world.admin, { projectId: world.project.id, first: 200 });

    expect(algorithm).toMatchObject({ name, description: 'one' });
    expect(page.items).toContainEqual(algorithm);
    expect(await page.total()).toBe(page.items.length);
    expect(await loadVersionsByAlgorithm(world.deps, world.admin, [first.algorithmId])).toEqual([[second, first]]);
  });

  it('shows nothing of them to others', async () => {
    const version = await register({});
    for (const principal of [foreigners.admin, await addUser(world, {})]) {
      expect(await findAlgorithm(world.deps, principal, { id: version.algorithmId })).toBeNull();
      expect(await loadAlgorithms(world.deps, principal, [version.algorithmId])).toEqual([null]);
      expect(await loadAlgorithmVersions(world.deps, principal, [version.id])).toEqual([null]);
      expect(await loadVersionsByAlgorithm(world.deps, principal, [version.algorithmId])).toEqual([[]]);
      expect(await codeOf(listAlgorithms(world.deps, principal, { projectId: world.project.id, first: 1 }))).toBe(
        'NOT_FOUND',
      );
    }
  });
});
