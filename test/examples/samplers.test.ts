/** The examples of samplers, own and external, with a real server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSearch, distance, evolve, work } from '../../examples/external-sampler/evolve.js';
import { type Client, space } from '../../sdk/typescript/index.js';
import { freePort } from '../support/free-port.js';
import { createPlatform, type Platform, ROOT, startCli } from '../support/platform.js';
import { seededRandom } from '../support/seeded-random.js';

const OWN = join(ROOT, 'examples/own-sampler/coordinate.mjs');

let platform: Platform;
let client: Client;

beforeAll(async () => {
  platform = await createPlatform();
  await platform.startServer({ TRIALGRAPH_SAMPLERS: OWN });
  client = await platform.client();
}, 120_000);
afterAll(async () => {
  await client.close();
  await platform.close();
});

describe('the sampler in a file of its own', () => {
  it('proposes the trials of a search, whose records name it and its version', { timeout: 120_000 }, async () => {
    const experiment = await client.createExperiment({
      project: 'examples',
      name: 'coordinates',
      objective: { metric: 'distance', goal: 'minimize' },
      space: { x: space.float(-5, 5), y: space.float(-5, 5) },
      sampler: { kind: 'coordinate', options: { startup: 4 } },
      budget: { maxTrials: 25 },
      seed: 'example',
    });
    for await (const trial of experiment.ask()) await trial.tell(distance(trial.params));

    const { bestTrial } = await experiment.load();
    expect(Number(bestTrial?.value)).toBeLessThan(1.5);
    const last = (await client.trial('examples/coordinates/24')).view;
    expect(last.proposedBy).toBe('coordinate');
    expect(last.explanation).toMatchObject({
      phase: 'EXPLOIT',
      engine: expect.stringMatching(/^\S+ coordinate@[0-9a-f]{12}$/),
    });
  });

  it('is listed with its origin and its options', { timeout: 60_000 }, async () => {
    const run = async (...args: string[]) => {
      const started = startCli(args, { TRIALGRAPH_DATA_DIR: platform.dataDirectory });
      await started.ended;
      return started.output();
    };

    expect(await run('samplers')).toMatch(
      /\ncoordinate +2 +Moves one parameter .* \(your own: coordinate\.mjs, version [0-9a-f]{12}\)\n/,
    );
    expect(await run('samplers', 'coordinate')).toMatch(/\nstartup +int +5 +1 to 1000 +Trials that are drawn/);
    expect(await run('samplers')).toMatch(/\nexternal +0 +Proposes nothing/);
  });

  it('keeps a server from starting that cannot use it, and says why', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'samplers-'));
    const file = join(folder, 'tpe.mjs');
    await writeFile(file, "export default ({ defineSampler }) => defineSampler({ kind: 'tpe', options: [] });");

    const started = startCli(['server'], {
      TRIALGRAPH_DATA_DIR: join(folder, 'data'),
      TRIALGRAPH_PORT: String(await freePort()),
      TRIALGRAPH_SAMPLERS: file,
    });

    expect(await started.ended).toBe(78);
    expect(started.output()).toMatch(
      /error: the sampler of .*tpe\.mjs cannot be used: the kind tpe is taken: choose another/,
    );
    await rm(folder, { recursive: true });
  });
});

describe('the sampler in a program', () => {
  it('enqueues what scripts ask for, learns their values, and ends the search', { timeout: 120_000 }, async () => {
    const experiment = await createSearch(client, 'evolved');
    const workers = [work(experiment, distance), work(experiment, distance)];
    const random = seededRandom(5);

    const best = await evolve(client, experiment, { generations: 4, children: 8, random });

    const done = await Promise.all(workers);
    expect(done.reduce((sum, n) => sum + n, 0)).toBe(32);
    expect(best.value).toBeLessThan(2);
    const { state, counts, bestTrial } = await experiment.load();
    expect([state, counts.completed, counts.total]).toEqual(['STOPPED', 32, 32]);
    expect(bestTrial).toMatchObject({ proposedBy: 'user', value: best.value, tags: ['evolved'] });
  });
});
