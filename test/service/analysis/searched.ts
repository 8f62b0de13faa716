/** Searching experiments with trials of every kind, for tests of what is said of them. */
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import type { Params } from '../../../src/domain/trial.js';
import type { History } from '../../../src/search/history.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { createTrial } from '../../../src/service/trial/create-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { unique } from '../../support/builders.js';
import type { World } from '../../support/world.js';
import { reportLoss } from '../job/queue.js';

export const SPACE = {
  rate: { kind: 'float', low: 0.001, high: 1, log: true },
  layers: { kind: 'int', low: 1, high: 4 },
  way: { kind: 'categorical', choices: ['a', 'b'] },
  more: { kind: 'float', low: 0, high: 1, when: { param: 'way', in: ['b'] } },
};

/** Whose objective is `loss`, minimised; nothing runs it. */
export function addSearched(world: World, name = unique('searched')): Promise<Experiment> {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name,
    search: {
      space: SPACE,
      objective: { metric: 'loss', goal: 'minimize' },
      sampler: { kind: 'random' },
      budget: { maxTrials: 500, maxParallel: 500 },
      failureLimit: 0,
      seed: 'searched',
    },
  });
}

/** Trials one after the other: of six the first repeats a point, the fourth fails out of memory, the fifth has a value that is none. */
export async function runSome(world: World, experiment: Experiment, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (i % 6 === 0) await createTrial(world.deps, world.admin, { experimentId: experiment.id, params: REPEATED });
    const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
    const { trial } = started!;
    const value = lossOf(trial.params);
    await reportLoss(world, trial, [value + 1, value]);
    const end =
      i % 6 === 3
        ? ({ state: 'FAILED', cause: 'OOM' } as const)
        : ({ state: 'COMPLETED', value: i % 6 === 4 ? Number.NaN : value } as const);
    await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, ...end });
  }
}

const REPEATED = { rate: 0.1, layers: 2, way: 'a' };

function lossOf({ rate, layers, more }: Params): number {
  return (Math.log10(Number(rate)) + 2) ** 2 + Number(layers) / 10 + Number(more ?? 0);
}

/** As it is stored now. */
export async function storedHistory(world: World, { id }: Pick<Experiment, 'id'>): Promise<History> {
  const { database } = world.deps;
  const { search } = (await findExperiment(world.deps, world.admin, { id })) as Experiment;
  return loadHistory(database.read, database, id, search as Search);
}
