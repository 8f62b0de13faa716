import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import type { Params, Trial } from '../../../src/domain/trial.js';
import { type History, historyAt, nextNumber } from '../../../src/search/history.js';
import { type AdoptTrialsInput, adoptTrials } from '../../../src/service/experiment/adopt-trials.js';
import type { SearchInput } from '../../../src/service/experiment/check-search.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { deleteExperiment } from '../../../src/service/experiment/delete-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { reviseSearch } from '../../../src/service/experiment/revise-search.js';
import { MOST_WARM_TRIALS } from '../../../src/service/experiment/warm-start.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { inlineProposer } from '../../../src/service/search/proposer.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import { setWarmTrials } from '../../../src/store/queries/warm-trial.js';
import { addOrganization, addUser, codeOf, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { reportLoss } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const SEARCH = {
  space: { x: { kind: 'float', low: 0, high: 8 }, y: { kind: 'int', low: 0, high: 3, default: 2 } },
  objective: { metric: 'loss', goal: 'minimize' },
  sampler: { kind: 'tpe', options: { nStartup: 5 } },
  budget: { maxTrials: 50, maxParallel: 50 },
  seed: 'adopting',
} as const;

function create(search: Partial<SearchInput> = {}): Promise<Experiment> {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('adopting'),
    search: { ...SEARCH, ...search },
  });
}

/** A run that a script logged into a folder of its own, with what it reported of the loss. */
async function log(
  folder: string,
  params: Params,
  losses: readonly number[],
  state: 'COMPLETED' | 'FAILED' = 'COMPLETED',
) {
  const { trial } = await startTrial(world.deps, world.admin, {
    project: world.project.name,
    experiment: folder,
    params,
  });
  if (losses.length > 0) await reportLoss(world, trial, losses);
  await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state });
  return trial;
}

const pathOf = (folder: string, { number }: Trial) => `${world.project.name}/${folder}/${number}`;

function adopt({ id }: Experiment, input: Omit<AdoptTrialsInput, 'experimentId'>, principal = world.admin) {
  return adoptTrials(world.deps, principal, { experimentId: id, ...input });
}

async function tell(experiment: Experiment, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
    const { id, params } = started!.trial;
    const value = (Number(params.x) - 3) ** 2;
    await finishTrial(world.deps, world.admin, { trialId: id, attempt: 1, state: 'COMPLETED', value });
  }
}

async function historyOf({ id }: Experiment, deps = world.deps): Promise<History> {
  const { search } = (await findExperiment(deps, world.admin, { id })) as Experiment;
  return loadHistory(deps.database.read, deps.database, id, search as Search);
}

describe('a search that adopts trials on its way', () => {
  it('knows them from then on, as copies, and replays what was proposed before and after', async () => {
    const experiment = await create();
    const folder = unique('by-hand');
    for (let x = 0; x < 8; x++) await log(folder, { x, y: 1 }, [9, (x - 3) ** 2]);
    await tell(experiment, 4);
    expect((await historyOf(experiment)).trials).toHaveLength(4);

    const adopted = await adopt(experiment, { experiments: [`${world.project.name}/${folder}`] });
    expect(adopted).toMatchObject({
      adopted: 8,
      outside: [],
      experiment: { search: { warmTrials: 8 }, nextNumber: 4 },
    });
    await tell(experiment, 3);
    const again = unique('by-hand');
    const late = await log(again, { x: 3.5, y: 0 }, [0.25]);
    expect(await adopt(experiment, { trials: [pathOf(again, late)] })).toMatchObject({ adopted: 1 });
    await tell(experiment, 3);
    const folderId = (await findExperiment(world.deps, world.admin, { path: `${world.project.name}/${folder}` }))!.id;
    await deleteExperiment(world.deps, world.admin, { id: folderId });

    const cold = await world.openServer();
    for (const history of [await historyOf(experiment), await historyOf(experiment, cold)]) {
      const own = history.trials.filter(({ number }) => number >= 0);
      expect([history.trials.length, own.length, nextNumber(history)]).toEqual([19, 10, 10]);
      const numbers = history.trials.map(({ number }) => number);
      expect(numbers).toEqual([-9, -8, -7, -6, -5, -4, -3, -2, -1, ...own.map(({ number }) => number)]);
      const known: number[] = [];
      for (const trial of own) {
        const then = historyAt(history, trial.askedAt);
        known.push(then.trials.length - trial.number);
        const [proposal] = await inlineProposer.propose({ sampler: SEARCH.sampler, history: then, count: 1 });
        expect(proposal?.params).toEqual(trial.params);
        if (trial.number === 4) expect(proposal?.explanation.phase, 'the model speaks at once').not.toBe('STARTUP');
      }
      expect(known).toEqual([0, 0, 0, 0, 8, 8, 8, 9, 9, 9]);
    }
  });

  it('takes each once, and in the order of the experiments that are named', async () => {
    const [one, other] = [unique('logged'), unique('logged')];
    const first = await log(one, { x: 1, y: 0 }, [1]);
    await log(other, { x: 2, y: 0 }, [2]);
    const experiment = await create();
    await adopt(experiment, { trials: [first.id] });

    const names = [other, one].map((folder) => `${world.project.name}/${folder}`);
    const input = { experiments: names, clientRequestId: unique('adopt') };
    expect(await adopt(experiment, input)).toMatchObject({ adopted: 1 });
    expect(await adopt(experiment, input), 'a retry').toMatchObject({ adopted: 1 });
    expect(await adopt(experiment, { experiments: names })).toMatchObject({ adopted: 0, outside: [] });
    expect(await adopt(experiment, { trials: [pathOf(one, first)] })).toMatchObject({ adopted: 0 });

    expect((await historyOf(experiment)).trials.map(({ params, values }) => [params.x, values])).toEqual([
      [2, [2]],
      [1, [1]],
    ]);
  });

  it('has room for what it has adopted before, and not for more than it may know', async () => {
    const folder = unique('logged');
    const logged = [];
    for (let x = 0; x < 3; x++) logged.push(await log(folder, { x, y: 0 }, [x]));
    const experiment = await create();
    const from = { experiments: [`${world.project.name}/${folder}`] };
    await adopt(experiment, from);
    await world.deps.database.transaction((tx) => setWarmTrials(tx, experiment.id, MOST_WARM_TRIALS - 1));

    const trials = logged.map(({ id }) => id);
    expect(await adopt(experiment, from)).toMatchObject({ adopted: 0 });
    expect(await adopt(experiment, { ...from, trials })).toMatchObject({ adopted: 0 });
    await log(folder, { x: 4, y: 0 }, [4]);
    const last = await log(folder, { x: 5, y: 0 }, [5]);
    expect(await codeOf(adopt(experiment, from))).toBe('LIMIT_EXCEEDED');
    expect(await adopt(experiment, { trials: [...trials, last.id] })).toMatchObject({ adopted: 1 });
    expect(await codeOf(adopt(experiment, from))).toBe('LIMIT_EXCEEDED');
  });

  it('names the trials that do not fit, or keeps them until a revision takes them', async () => {
    const folder = unique('logged');
    const good = await log(folder, { x: 1, y: 1 }, [1]);
    const far = await log(folder, { x: 99, y: 1 }, [2]);
    const other = await log(folder, { x: 2, y: 1, machine: 'a' }, [3]);
    const experiment = await create();
    const from = { experiments: [`${world.project.name}/${folder}`] };

    await expect(adopt(experiment, from)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`2 trials do not fit the search space of ${experiment.name}`),
      data: {
        problems: [
          { path: pathOf(folder, far), message: expect.stringContaining('x is 99') },
          { path: pathOf(folder, other), message: 'machine is not a parameter of the space' },
        ],
      },
    });
    expect((await historyOf(experiment)).trials).toEqual([]);

    const kept = await adopt(experiment, { ...from, misfits: 'keep', ignoreUnknown: true });

    expect(kept).toMatchObject({ adopted: 3, outside: [pathOf(folder, far)] });
    const history = await historyOf(experiment);
    expect(history.trials.map(({ params }) => params)).toEqual([
      { x: good.params.x, y: 1 },
      { x: 2, y: 1 },
    ]);
    expect(history.outside).toMatchObject([{ params: { x: 99, y: 1 } }]);
    const space = { ...SEARCH.space, x: { kind: 'float', low: 0, high: 100 } };
    await reviseSearch(world.deps, world.admin, { experimentId: experiment.id, space });
    expect((await historyOf(experiment)).trials).toHaveLength(3);
  });

  it('completes them by its defaults', async () => {
    const folder = unique('logged');
    await log(folder, { x: 1 }, [1]);
    const experiment = await create();

    await adopt(experiment, { experiments: [`${world.project.name}/${folder}`] });

    expect((await historyOf(experiment)).trials).toMatchObject([{ params: { x: 1, y: 2 }, asked: { x: 1 } }]);
  });

  it('refuses what is not there, not visible, says nothing, or is its own', async () => {
    const folder = unique('logged');
    const mute = await log(folder, { x: 1, y: 1 }, []);
    const failed = await log(folder, { x: 1, y: 1 }, [1], 'FAILED');
    const experiment = await create();
    await tell(experiment, 1);

    await expect(adopt(experiment, { trials: [mute.id, pathOf(folder, failed)] })).rejects.toThrow(
      `2 trials teach nothing: ${pathOf(folder, mute)} (has not ended well, or says nothing of loss)`,
    );
    expect(await adopt(experiment, { experiments: [`${world.project.name}/${folder}`] })).toMatchObject({ adopted: 0 });
    for (const trials of [['no/where/0'], [`${world.project.name}/${folder}/9`], [experiment.id]])
      expect(await codeOf(adopt(experiment, { trials }))).toBe('NOT_FOUND');
    expect(await codeOf(adopt(experiment, { experiments: ['no/where'] }))).toBe('NOT_FOUND');
    for (const own of [{ experiments: [experiment.id] }, { trials: [`${world.project.name}/${experiment.name}/0`] }])
      expect(await codeOf(adopt(experiment, own))).toBe('INPUT_INVALID');
    expect(await codeOf(adopt(experiment, {}))).toBe('INPUT_INVALID');
    const tracked = await createExperiment(world.deps, world.admin, {
      projectId: world.project.id,
      name: unique('tracked'),
    });
    expect(await codeOf(adopt(tracked, { trials: [mute.id] }))).toBe('STATE_CONFLICT');
    const viewer = await addUser(world, { role: 'viewer' });
    expect(await codeOf(adopt(experiment, { trials: [mute.id] }, viewer))).toBe('FORBIDDEN');
    const { admin } = await addOrganization(world);
    expect(await codeOf(adopt(experiment, { trials: [mute.id] }, admin))).toBe('NOT_FOUND');
  });
});
