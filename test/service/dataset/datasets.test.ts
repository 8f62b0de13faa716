import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDataset } from '../../../src/service/dataset/find-dataset.js';
import { listDatasets } from '../../../src/service/dataset/list-datasets.js';
import {
  loadDatasets,
  loadDatasetVersions,
  loadDatasetVersionsByExperiment,
  loadVersionsByDataset,
} from '../../../src/service/dataset/load-datasets.js';
import { type RegisterDatasetInput, registerDataset } from '../../../src/service/dataset/register-dataset.js';
import { experimentDatasetTable } from '../../../src/store/tables/experiment.js';
import { addExperiment, addOrganization, addUser, codeOf, type Foreigners, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';

const SHA256 = 'ab'.repeat(32);

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
  part: Partial<RegisterDatasetInput> = {},
  principal = world.admin,
): ReturnType<typeof registerDataset> {
  return registerDataset(world.deps, principal, {
    projectId: world.project.id,
    name: unique('dataset'),
    uri: 's3://bucket/x',
    sha256: SHA256,
    ...part,
  });
}

describe('registerDataset', () => {
  it('makes a new version when anything differs, and gives the latest when nothing does', async () => {
    const name = unique('dataset');

    const first = await register({ name, rows: 10 });
    const same = await register({ name, rows: 10 });
    const second = await register({ name, rows: 11 });

    expect(same).toEqual(first);
    expect([first.version, second.version]).toEqual([1, 2]);
  });

  it('keeps sizes up to 2^53 exactly', async () => {
    const { id } = await register({ sizeBytes: Number.MAX_SAFE_INTEGER, licence: 'CC0-1.0' });

    const [version] = await loadDatasetVersions(world.deps, world.admin, [id]);

    expect(version).toMatchObject({ sizeBytes: Number.MAX_SAFE_INTEGER, rows: null, licence: 'CC0-1.0' });
  });

  it('numbers versions without gap or duplicate when they are registered at once', async () => {
    const name = unique('dataset');

    const versions = await Promise.all(
      Array.from({ length: 10 }, (_, i) => register({ name, uri: `s3://bucket/${i}` })),
    );

    expect(versions.map((one) => one.version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each<[string, Partial<RegisterDatasetInput>, string]>([
    ['a checksum in upper case', { sha256: SHA256.toUpperCase() }, 'INPUT_INVALID'],
    ['a short checksum', { sha256: 'ab' }, 'INPUT_INVALID'],
    ['a negative size', { sizeBytes: -1 }, 'INPUT_INVALID'],
    ['a fraction of a row', { rows: 0.5 }, 'INPUT_INVALID'],
    ['an empty uri', { uri: '' }, 'INPUT_INVALID'],
    ['a uri with a line break', { uri: 's3://a\nb' }, 'INPUT_INVALID'],
    ['a bad name', { name: '/etc/passwd' }, 'NAME_INVALID'],
  ])('refuses %s', async (_, part, code) => {
    expect(await codeOf(register(part))).toBe(code);
  });

  it('needs a writer of the project', async () => {
    expect(await codeOf(register({}, await addUser(world, { role: 'viewer' })))).toBe('FORBIDDEN');
    expect(await codeOf(register({}, foreigners.admin))).toBe('NOT_FOUND');
  });
});

describe('reading datasets', () => {
  it('shows them to members of the project, with their versions', async () => {
    const version = await register();

    const dataset = await findDataset(world.deps, world.admin, { id: version.datasetId });
    const page = await listDatasets(world.deps, world.admin, { projectId: world.project.id, first: 200 });

    expect(page.items).toContainEqual(dataset);
    expect(await loadVersionsByDataset(world.deps, world.admin, [version.datasetId])).toEqual([[version]]);
  });

  it('shows what an experiment reads, by channel', async () => {
    const { id: experimentId } = await addExperiment(world);
    const [test, train] = [await register(), await register()];
    const base = { projectId: world.project.id, experimentId };
    await world.deps.database.transaction((tx) =>
      tx.manager.insert(experimentDatasetTable, [
        { ...base, datasetVersionId: train.id, channel: 'train' },
        { ...base, datasetVersionId: test.id, channel: 'test' },
      ]),
    );

    expect(await loadDatasetVersionsByExperiment(world.deps, world.admin, [experimentId])).toEqual([[test, train]]);
    expect(await loadDatasetVersionsByExperiment(world.deps, foreigners.admin, [experimentId])).toEqual([[]]);
  });

  it('shows nothing of them to others', async () => {
    const version = await register();
    for (const principal of [foreigners.admin, await addUser(world, {})]) {
      expect(await findDataset(world.deps, principal, { id: version.datasetId })).toBeNull();
      expect(await loadDatasets(world.deps, principal, [version.datasetId])).toEqual([null]);
      expect(await loadDatasetVersions(world.deps, principal, [version.id])).toEqual([null]);
      expect(await loadVersionsByDataset(world.deps, principal, [version.datasetId])).toEqual([[]]);
      expect(await codeOf(listDatasets(world.deps, principal, { projectId: world.project.id, first: 1 }))).toBe(
        'NOT_FOUND',
      );
    }
  });
});
