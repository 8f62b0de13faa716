import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import { type History, historyAt } from '../../../src/search/history.js';
import { samplers } from '../../../src/search/samplers/index.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { listSamplers } from '../../../src/service/search/list-samplers.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { loadOwnSamplers, withoutFolders } from '../../../src/service/search/own-samplers.js';
import { openWorkerProposer, type WorkerProposer } from '../../../src/service/search/worker-proposer.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { codeOf, unique } from '../../support/builders.js';
import { ROOT } from '../../support/platform.js';
import { openWorld, type World } from '../../support/world.js';

const EXAMPLE = join(ROOT, 'examples/own-sampler/coordinate.mjs');
const SPACE = { x: { kind: 'float', low: 0, high: 1 }, kind: { kind: 'categorical', choices: ['a', 'b'] } };

let world: World;
let folder: string;
const opened: WorkerProposer[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-samplers-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((proposer) => proposer.close()));
  await rm(folder, { recursive: true });
});

/** A file whose sampler answers with this expression; `given` are its other parts. */
async function file(
  name: string,
  suggestOne: string,
  given = "summary: 'A test.', options: [], objectives: 'one'",
): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  const text = `export default ({ defineSampler, drawUniform }) => defineSampler({ kind: '${name}', ${given},
  suggestOne: (options, history, rng) => { ${suggestOne} } });`;
  await writeFile(path, text);
  return path;
}

async function open(samplers: readonly string[], limitMs = 5_000): Promise<WorkerProposer> {
  const proposer = openWorkerProposer({ samplers, limitMs });
  opened.push(proposer);
  await proposer.load();
  return proposer;
}

function create(proposer: WorkerProposer, kind: string, options: object = {}): Promise<Experiment> {
  return createExperiment({ ...world.deps, proposer }, world.admin, {
    projectId: world.project.id,
    name: unique('own'),
    search: {
      space: SPACE,
      objective: { metric: 'loss', goal: 'minimize' },
      sampler: { kind, options },
      budget: { maxTrials: 20, maxParallel: 5 },
      seed: 'own',
    },
  });
}

async function ask(proposer: WorkerProposer, { id }: Experiment) {
  const { started } = await askTrial({ ...world.deps, proposer }, world.admin, { experimentId: id });
  return started!.trial;
}

async function engineOf(trialId: string): Promise<string> {
  const [row] = await world.deps.database.read.query<{ engine: string }>(
    `/* test */ SELECT explanation->>'engine' AS engine FROM trial WHERE id = $1`,
    [trialId],
  );
  return row!.engine;
}

async function fallbacksOf({ id }: Experiment): Promise<string[]> {
  const rows = await world.deps.database.read.query<{ message: string }>(
    `/* test */ SELECT message FROM event WHERE experiment_id = $1 AND kind = 'SAMPLER_FALLBACK' ORDER BY at, id`,
    [id],
  );
  return rows.map(({ message }) => message);
}

async function historyOf({ id }: Experiment): Promise<History> {
  const { search } = (await findExperiment(world.deps, world.admin, { id })) as Experiment;
  return loadHistory(world.deps.database.read, world.deps.database, id, search as Search);
}

const UNIFORM = "return { params: drawUniform(history.space, rng.fork('own')), explanation: { phase: 'RANDOM' } };";

describe('a sampler of the operator', () => {
  it('is described, proposes, is named with its version, and replays in another worker', async () => {
    const proposer = await open([EXAMPLE]);
    const listed = await listSamplers({ ...world.deps, proposer }, world.admin);
    expect(listed.find(({ kind }) => kind === 'coordinate')).toMatchObject({
      origin: 'coordinate.mjs',
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      objectives: 'one',
      options: [{ name: 'startup' }, { name: 'step' }],
    });
    const experiment = await create(proposer, 'coordinate', { startup: 3 });
    for (let i = 0; i < 10; i++) {
      const { id, params, proposedBy } = await ask(proposer, experiment);
      expect(proposedBy).toBe('coordinate');
      const value = (Number(params.x) - 0.3) ** 2 + (params.kind === 'b' ? 0 : 1);
      await finishTrial(world.deps, world.admin, { trialId: id, attempt: 1, state: 'COMPLETED', value });
    }
    expect(await engineOf((await ask(proposer, experiment)).id)).toMatch(/ coordinate@[0-9a-f]{12}$/);

    const another = await open([EXAMPLE]);
    const { trials } = await historyOf(experiment);
    expect(trials).toHaveLength(11);
    for (const trial of trials) {
      const history = historyAt(await historyOf(experiment), trial.askedAt);
      const [proposal] = await another.propose({ sampler: experiment.search!.sampler, history, count: 1 });
      expect(proposal?.params).toEqual(trial.params);
    }
    expect(await fallbacksOf(experiment)).toEqual([]);
  });

  it('is known by its kind and options where a search is made', async () => {
    const proposer = await open([EXAMPLE]);

    expect(await codeOf(create(proposer, 'coordinate', { startup: 0 }))).toBe('INPUT_INVALID');
    expect(await codeOf(create(proposer, 'coordinates'))).toBe('METHOD_UNKNOWN');
    expect(await codeOf(create(openWorkerProposer(), 'coordinate'))).toBe('METHOD_UNKNOWN');
  });

  it.each([
    ['throws', "throw new Error('no idea')", /no idea/],
    ['hangs', 'for (;;);', /no answer within/],
    [
      'leaves the space',
      "return { params: { x: 7, kind: 'a' }, explanation: { phase: 'LISTED' } };",
      /it left the space/,
    ],
    ['gives no params', 'return { explanation: {} };', /gave no proposal/],
    ['gives what cannot be sent', 'return { params: () => 1 };', /could not be cloned/],
  ])(
    'that %s costs an event and a random draw, and the next search nothing',
    { timeout: 60_000 },
    async (_, code, says) => {
      // It behaves while it is looked over.
      const path = await file('broken', `if (history.seed === 'twice') { ${UNIFORM} } ${code}`);
      const proposer = await open([path, EXAMPLE], 6_000);
      const experiment = await create(proposer, 'broken');

      expect((await ask(proposer, experiment)).proposedBy).toBe('random');
      expect(await fallbacksOf(experiment)).toEqual([expect.stringMatching(says)]);
      const other = await create(proposer, 'coordinate');
      expect((await ask(proposer, other)).proposedBy).toBe('coordinate');
      expect(await fallbacksOf(other)).toEqual([]);
    },
  );

  it('is not used any more when its file has changed and a new worker reads it', { timeout: 60_000 }, async () => {
    const path = await file('changing', `if (history.trials.length === 1) for (;;); ${UNIFORM}`);
    const proposer = await open([path], 6_000);
    const experiment = await create(proposer, 'changing');
    expect((await ask(proposer, experiment)).proposedBy).toBe('changing');
    await file('changing', UNIFORM);
    expect((await ask(proposer, experiment)).proposedBy, 'the worker hangs and is thrown away').toBe('random');

    expect((await ask(proposer, experiment)).proposedBy).toBe('random');

    const [, changed] = await fallbacksOf(experiment);
    expect(changed).toMatch(/: the sampler of changing\.mjs cannot be used: it is version \w+ now, and was \w+/);
  });

  it('does not tell viewers where it lies, whatever its file says', async () => {
    const path = await file('gone', UNIFORM);
    const text = (name: string) =>
      withoutFolders(`open '${join(folder, name)}', from ${pathToFileURL(path).href}`, [path]);

    expect(text('gone.mjs')).toBe("open 'gone.mjs', from gone.mjs");
    expect(text('parts/neighbour.mjs')).toBe("open 'parts/neighbour.mjs', from gone.mjs");
    expect(withoutFolders('a/b of /own.mjs', ['/own.mjs'])).toBe('a/b of /own.mjs');
  });

  it('says of itself what is wrong with it, before anything relies on it', async () => {
    const wrong: Record<string, Promise<string>> = {
      'the kind random is taken': file('random', UNIFORM),
      'kind must be a name': file('My Sampler', UNIFORM),
      'summary must be a sentence': file('silent', UNIFORM, "options: [], objectives: 'one'"),
      "objectives must be 'one' or 'any'": file('many', UNIFORM, "summary: 'A.', options: [], objectives: 'two'"),
      'must have a name, a doc, a default, and a type': file(
        'odd',
        UNIFORM,
        "summary: 'A.', options: [{ name: 'a' }], objectives: 'one'",
      ),
      'the defaults of its options are not legal': file(
        'lost',
        UNIFORM,
        "summary: 'A.', options: [{ name: 'a', doc: 'A.', type: 'int', default: 5, max: 4 }], objectives: 'one'",
      ),
      'answers the same history differently': file('fickle', "return { params: { x: Math.random(), kind: 'a' } };"),
    };
    const problemsOf = async (...paths: string[]) => {
      const loaded = await loadOwnSamplers(
        paths.map((path) => ({ path, version: null })),
        Object.keys(samplers),
      );
      return loaded.problems.join('; ');
    };
    for (const [message, path] of Object.entries(wrong)) expect(await problemsOf(await path)).toContain(message);
    const [broken, five] = [join(folder, 'syntax.mjs'), join(folder, 'five.mjs')];
    await writeFile(broken, 'export default (');
    await writeFile(five, 'export default 5');
    expect(await problemsOf(broken)).toMatch(/^the sampler of \S+syntax\.mjs cannot be used: /);
    expect(await problemsOf(join(folder, 'nowhere.mjs'))).toMatch(/nowhere\.mjs cannot be used: ENOENT/);
    expect(await problemsOf(five)).toContain('export what defineSampler returns');
    expect(await problemsOf(EXAMPLE, EXAMPLE)).toContain('the kind coordinate is taken');
    await expect(open([broken]), 'a server does not start with it').rejects.toThrow('syntax.mjs cannot be used');
  });
});

describe('the sampler called external', () => {
  it('proposes nothing, and whoever asks gets what is enqueued or is told to wait', async () => {
    const proposer = openWorkerProposer();
    opened.push(proposer);
    const experiment = await create(proposer, 'external');
    const askNow = () => askTrial(world.deps, world.admin, { experimentId: experiment.id });

    expect(await askNow()).toMatchObject({ started: null, done: false, retryAfterSeconds: expect.any(Number) });
    const params = { x: 0.25, kind: 'b' };
    await createTrial(world.deps, world.admin, { experimentId: experiment.id, params });
    expect((await askNow()).started?.trial).toMatchObject({ params, proposedBy: 'user' });
    expect(await askNow()).toMatchObject({ started: null, done: false });
    for (let i = 1; i < 20; i++) await createTrial(world.deps, world.admin, { experimentId: experiment.id, params });
    for (let i = 1; i < 20; i++) expect((await askNow()).started?.trial.number).toBe(i);
    expect(await askNow(), 'the budget of 20 is spent').toMatchObject({ started: null, done: true });
  });
});
