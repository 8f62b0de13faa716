import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { pauseExperiment } from '../../../src/service/experiment/pause-experiment.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { judgeTrial } from '../../../src/service/search/judge.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import type { Database } from '../../../src/store/database.js';
import { unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, addSearch, lapse, leaseOne, reportLoss, trialNow } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await reclaimLeases(world.deps);
});
afterAll(() => world.close());

describe('judgeTrial', () => {
  it('prunes nothing that has gone back to the queue meanwhile', async () => {
    const experiment = await addSearch(world, {}, { search: medianSearch(0) });
    const worker = await addRunner(world);
    const { trial } = await leaseOne(world, worker);
    await reportLoss(world, trial, [Number.NaN]);
    const input = { experimentId: experiment.id, trialId: trial.id };

    // The attempt is lost between the pruner's look and its verdict.
    const database: Database = {
      ...world.deps.database,
      transaction: async (work) => {
        await lapse(world, trial.id);
        await reclaimLeases(world.deps);
        return world.deps.database.transaction(work);
      },
    };
    await judgeTrial({ ...world.deps, database }, input);

    expect(await trialNow(world, trial.id)).toMatchObject({ state: 'WAITING', stopReason: null });
    await pauseExperiment(world.deps, world.admin, { id: experiment.id });
  });
});

describe('loadHistory', () => {
  it('knows the budget, and how long each trial took by what was stored', async () => {
    const experiment = await newAsked();
    await told(experiment, 1);
    const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
    await world.deps.database.transaction((tx) =>
      tx.query(
        `/* test */ UPDATE trial SET started_at = '2026-01-01T00:00:00Z', ended_at = '2026-01-01T00:01:30.125Z'
        WHERE experiment_id = $1 AND ended_at IS NOT NULL`,
        [experiment.id],
      ),
    );

    const { database } = await world.openServer();
    const { budget, trials } = await loadHistory(database.read, database, experiment.id, experiment.search!);

    expect(budget).toBe(10);
    expect(trials).toMatchObject([{ number: 0, seconds: 90.125 }, { number: started!.trial.number }]);
    expect(trials[1]).not.toHaveProperty('seconds');
  });

  it('reads an ended trial once, and forgets one that was deleted', async () => {
    const experiment = await newAsked();
    const ids = [await told(experiment, 1), await told(experiment, 2), await told(experiment, 3)];
    const [{ statements, numbers }] = [await load(experiment)];
    expect(numbers).toEqual([0, 1, 2]);
    expect(statements.join()).toContain('history.reports');

    const warm = await load(experiment);
    expect(warm.numbers).toEqual([0, 1, 2]);
    expect(warm.rows).toBe(0);

    await deleteTrial(world.deps, world.admin, { id: ids[1]! });
    await told(experiment, 4);
    expect((await load(experiment)).numbers).toEqual([0, 2, 3]);
  });
});

/** The history's numbers, and how many trials were read for it. */
async function load(experiment: Experiment) {
  const statements: string[] = [];
  let rows = 0;
  const sql: Database['read'] = {
    ...world.deps.database.read,
    query: async <Row>(text: string, parameters?: readonly unknown[]) => {
      const found = await world.deps.database.read.query<Row>(text, parameters);
      statements.push(text);
      if (text.includes('history.trials')) rows += found.length;
      return found;
    },
  };
  const { trials } = await loadHistory(sql, world.deps.database, experiment.id, experiment.search!);
  return { statements, rows, numbers: trials.map((trial) => trial.number) };
}

function medianSearch(startupTrials: number) {
  return {
    space: { x: { kind: 'float', low: 0, high: 1 } },
    objective: { metric: 'loss', goal: 'minimize' },
    sampler: { kind: 'random' },
    pruner: { kind: 'median', options: { startupTrials } },
    budget: { maxTrials: 10, maxParallel: 2 },
  } as const;
}

function newAsked(): Promise<Experiment> {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('asked'),
    search: medianSearch(1),
  });
}

async function told(experiment: Experiment, value: number) {
  const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
  const { trial } = started!;
  await reportLoss(world, trial, [value + 1, value]);
  await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'COMPLETED', value });
  return trial.id;
}
