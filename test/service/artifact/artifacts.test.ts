import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '../../../src/domain/artifact.js';
import type { Principal } from '../../../src/domain/roles.js';
import type { Trial } from '../../../src/domain/trial.js';
import { type BeginArtifactInput, beginArtifact } from '../../../src/service/artifact/begin-artifact.js';
import { commitArtifact } from '../../../src/service/artifact/commit-artifact.js';
import { findArtifact } from '../../../src/service/artifact/find-artifact.js';
import { loadArtifacts, loadArtifactsByTrial } from '../../../src/service/artifact/load-artifacts.js';
import { openArtifact } from '../../../src/service/artifact/open-artifact.js';
import { receiveArtifact } from '../../../src/service/artifact/receive-artifact.js';
import { cleanUp } from '../../../src/service/setup/clean-up.js';
import {
  addOrganization,
  addTrial,
  addUser,
  codeOf,
  type Foreigners,
  supersede,
  trialPrincipal,
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

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

async function* chunks(content: string): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < content.length; i += 5) yield Buffer.from(content.slice(i, i + 5));
}

function begin(
  principal: Principal,
  trial: Trial,
  content: string,
  part: Partial<BeginArtifactInput> = {},
): Promise<Artifact> {
  return beginArtifact(world.deps, principal, {
    trialId: trial.id,
    attempt: 1,
    name: 'model',
    kind: 'model',
    fileName: 'model.bin',
    sizeBytes: Buffer.byteLength(content),
    sha256: sha256(content),
    ...part,
  });
}

const send = (principal: Principal, { id }: Artifact, content: string): Promise<Artifact> =>
  receiveArtifact(world.deps, principal, { id, bytes: chunks(content) });
const commit = (principal: Principal, { id }: Artifact): Promise<Artifact> =>
  commitArtifact(world.deps, principal, { id });

async function download(principal: Principal, id: string): Promise<string> {
  return text((await openArtifact(world.deps, principal, { id })).stream);
}

async function committed(principal: Principal, trial: Trial, content: string): Promise<Artifact> {
  const artifact = await begin(principal, trial, content);
  await send(principal, artifact, content);
  return commit(principal, artifact);
}

function fileOf(artifact: Artifact): string {
  return path.join(world.blobDirectory, world.admin.organizationId, artifact.projectId, artifact.sha256);
}

describe('an artifact', () => {
  it('takes at most 10,000 artifacts of a trial', async () => {
    const trial = await addTrial(world);
    const first = await begin(world.admin, trial, 'first');
    await world.deps.database.transaction((tx) =>
      tx.query(
        `/* test */ INSERT INTO artifact SELECT gen_random_uuid(), project_id, trial_id, attempt, epoch, name, kind, file_name,
          size_bytes, sha256, storage_key, 'COMMITTED', created_at, now() FROM artifact, generate_series(2, 9999) WHERE id = $1`,
        [first.id],
      ),
    );

    await begin(world.admin, trial, 'last');

    expect(await codeOf(begin(world.admin, trial, 'too many'))).toBe('LIMIT_EXCEEDED');
  });

  it('goes from PENDING to COMMITTED and is served as it was sent', async () => {
    const trial = await addTrial(world);
    const token = trialPrincipal(world, trial);

    const begun = await begin(token, trial, 'hello world');
    await send(token, begun, 'hello world');
    const done = await commit(token, begun);

    expect(begun.state).toBe('PENDING');
    expect(done).toMatchObject({ id: begun.id, state: 'COMMITTED', sizeBytes: 11, sha256: sha256('hello world') });
    expect(done.committedAt).toBeInstanceOf(Date);
    expect(await download(world.admin, done.id)).toBe('hello world');
    expect(await loadArtifactsByTrial(world.deps, world.admin, [trial.id])).toEqual([[done]]);
  });

  it('may be empty', async () => {
    const artifact = await committed(world.admin, await addTrial(world), '');

    expect(await download(world.admin, artifact.id)).toBe('');
  });

  it('never says where its bytes are', async () => {
    const artifact = await committed(world.admin, await addTrial(world), 'place');

    for (const seen of [artifact, await findArtifact(world.deps, world.admin, artifact)]) {
      expect(Object.keys(seen ?? {})).not.toContain('storageKey');
      expect(Object.keys(seen ?? {})).not.toContain('epoch');
    }
  });

  it('is not served before it is committed', async () => {
    const trial = await addTrial(world);
    const begun = await begin(world.admin, trial, 'early');
    await send(world.admin, begun, 'early');

    expect(await codeOf(download(world.admin, begun.id))).toBe('NOT_FOUND');
  });

  it('is not committed without its bytes', async () => {
    const begun = await begin(world.admin, await addTrial(world), 'never sent');

    expect(await codeOf(commit(world.admin, begun))).toBe('STATE_CONFLICT');
    expect((await findArtifact(world.deps, world.admin, begun))?.state).toBe('PENDING');
  });

  it('refuses other bytes than it claimed, and takes the right ones afterwards', async () => {
    const begun = await begin(world.admin, await addTrial(world), 'right bytes');

    expect(await codeOf(send(world.admin, begun, 'wrong bytes'))).toBe('ARTIFACT_CORRUPT');
    expect(await codeOf(send(world.admin, begun, 'right'))).toBe('ARTIFACT_CORRUPT');
    expect(await codeOf(commit(world.admin, begun))).toBe('STATE_CONFLICT');

    await send(world.admin, begun, 'right bytes');
    expect((await commit(world.admin, begun)).state).toBe('COMMITTED');
  });

  it('is not committed when its bytes were damaged in the store', async () => {
    const begun = await begin(world.admin, await addTrial(world), 'damaged before');
    await send(world.admin, begun, 'damaged before');
    await writeFile(fileOf(begun), 'damagEd before');

    expect(await codeOf(commit(world.admin, begun))).toBe('ARTIFACT_CORRUPT');
  });

  it.each([
    ['one flipped byte', 'damaged aftEr'],
    ['a missing end', 'damaged'],
    ['nothing', ''],
  ])('whose stored bytes became %s is not served in full', async (_, damaged) => {
    const artifact = await committed(world.admin, await addTrial(world), 'damaged after');
    await writeFile(fileOf(artifact), damaged);

    expect(await codeOf(download(world.admin, artifact.id))).toBe('ARTIFACT_CORRUPT');

    await writeFile(fileOf(artifact), 'damaged after');
  });

  it('gives the same answer when it is committed again, by four at once', async () => {
    const begun = await begin(world.admin, await addTrial(world), 'again');
    await send(world.admin, begun, 'again');

    const answers = await Promise.all([1, 2, 3, 4].map(() => commit(world.admin, begun)));

    expect(new Set(answers.map((answer) => answer.committedAt?.getTime())).size).toBe(1);
    expect(await commit(world.admin, begun)).toEqual(answers[0]);
  });

  it('does not change once it is committed', async () => {
    const artifact = await committed(world.admin, await addTrial(world), 'final');

    expect(await codeOf(send(world.admin, artifact, 'final'))).toBe('STATE_CONFLICT');
  });

  it('begins once for a retried request', async () => {
    const trial = await addTrial(world);
    const part = { clientRequestId: unique('request') };

    const [a, b] = await Promise.all([
      begin(world.admin, trial, 'once', part),
      begin(world.admin, trial, 'once', part),
    ]);

    expect(b).toEqual(a);
    expect((await loadArtifactsByTrial(world.deps, world.admin, [trial.id]))[0]).toHaveLength(1);
  });

  it.each<[string, Partial<BeginArtifactInput>, string]>([
    ['a file name with a slash', { fileName: 'a/b' }, 'NAME_INVALID'],
    ['a file name that climbs', { fileName: '..' }, 'NAME_INVALID'],
    ['a name with a line break', { name: 'a\nb' }, 'NAME_INVALID'],
    ['a checksum that is a path', { sha256: '../../../etc/passwd' }, 'INPUT_INVALID'],
    ['a negative size', { sizeBytes: -1 }, 'INPUT_INVALID'],
    ['half a byte', { sizeBytes: 0.5 }, 'INPUT_INVALID'],
    ['more than 5 TB', { sizeBytes: 5 * 2 ** 40 + 1 }, 'LIMIT_EXCEEDED'],
    ['an attempt that is not the current one', { attempt: 2 }, 'STATE_CONFLICT'],
    ['a trial that is none', { trialId: 'x' }, 'NOT_FOUND'],
  ])('refuses %s', async (_, part, code) => {
    expect(await codeOf(begin(world.admin, await addTrial(world), 'x', part))).toBe(code);
  });
});

describe('a superseded attempt', () => {
  it('can neither begin, send nor commit, and is told why', async () => {
    const trial = await addTrial(world);
    const token = trialPrincipal(world, trial);
    const [unsent, sent] = [await begin(token, trial, 'unsent'), await begin(token, trial, 'sent')];
    await send(token, sent, 'sent');

    await supersede(world, trial.id);

    expect(await codeOf(begin(token, trial, 'late'))).toBe('STATE_CONFLICT');
    expect(await codeOf(send(token, unsent, 'unsent'))).toBe('STATE_CONFLICT');
    expect(await codeOf(commit(token, sent))).toBe('STATE_CONFLICT');
    await expect(commit(token, sent)).rejects.toThrow('superseded');
    expect((await findArtifact(world.deps, world.admin, sent))?.state).toBe('PENDING');
  });

  it('is one whose epoch is old, even when the number of the attempt is still the same', async () => {
    const trial = await addTrial(world, {}, { epoch: 2 });
    const reclaimed = trialPrincipal(world, trial, { epoch: 1 });

    await expect(begin(reclaimed, trial, 'x')).rejects.toThrow('superseded');
    expect(await codeOf(begin(trialPrincipal(world, trial, { epoch: 2 }), trial, 'x'))).toBe('no error');
  });

  it('does not stop the next attempt', async () => {
    const trial = await addTrial(world);
    await supersede(world, trial.id);
    const next = trialPrincipal(world, trial, { attempt: 2, epoch: 2 });

    const begun = await begin(next, trial, 'next', { attempt: 2 });
    await send(next, begun, 'next');

    expect((await commit(next, begun)).state).toBe('COMMITTED');
  });
});

describe('who may', () => {
  it("write: writers of the project and the trial's own token, nobody else", async () => {
    const trial = await addTrial(world);
    const sibling = trialPrincipal(world, await addTrial(world));
    const begun = await begin(world.admin, trial, 'mine');
    const viewer = await addUser(world, { role: 'viewer' });

    for (const [principal, code] of [
      [viewer, 'FORBIDDEN'],
      [sibling, 'NOT_FOUND'],
      [foreigners.admin, 'NOT_FOUND'],
      [await addUser(world, {}), 'NOT_FOUND'],
    ] as const) {
      expect(await codeOf(begin(principal, trial, 'x'))).toBe(code);
      expect(await codeOf(send(principal, begun, 'mine'))).toBe(code);
      expect(await codeOf(commit(principal, begun))).toBe(code);
    }
  });

  it('read: viewers of the project and the tokens of its trials, nobody else', async () => {
    const artifact = await committed(world.admin, await addTrial(world), 'shared');
    const sibling = trialPrincipal(world, await addTrial(world));
    const viewer = await addUser(world, { projects: [[world.project.id, 'viewer']] });

    for (const principal of [viewer, sibling]) {
      expect(await download(principal, artifact.id)).toBe('shared');
      expect(await findArtifact(world.deps, principal, artifact)).toEqual(artifact);
    }
    for (const principal of [foreigners.admin, await addUser(world, {})]) {
      expect(await codeOf(download(principal, artifact.id))).toBe('NOT_FOUND');
      expect(await findArtifact(world.deps, principal, artifact)).toBeNull();
      expect(await loadArtifacts(world.deps, principal, [artifact.id])).toEqual([null]);
      expect(await loadArtifactsByTrial(world.deps, principal, [artifact.trialId])).toEqual([[]]);
    }
  });
});

describe('cleanUp', () => {
  it('removes what stayed PENDING for a day, with bytes that nothing else has', async () => {
    const trial = await addTrial(world);
    const keeper = await committed(world.admin, trial, 'shared bytes');
    const [sharing, alone] = [
      await begin(world.admin, trial, 'shared bytes'),
      await begin(world.admin, trial, 'lonely bytes'),
    ];
    await send(world.admin, alone, 'lonely bytes');
    const young = await addTrial(world);
    world.clock.advance(25 * 3_600_000);
    const fresh = await begin(world.admin, young, 'fresh');

    await cleanUp(world.deps);

    expect(await loadArtifacts(world.deps, world.admin, [sharing.id, alone.id])).toEqual([null, null]);
    expect(await findArtifact(world.deps, world.admin, fresh)).not.toBeNull();
    expect(await download(world.admin, keeper.id)).toBe('shared bytes');
    expect(
      await world.deps.blobs.digest(`${world.admin.organizationId}/${trial.projectId}/${alone.sha256}`),
    ).toBeNull();
  });
});
