import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, Search } from '../../../src/domain/experiment.js';
import type { Params } from '../../../src/domain/trial.js';
import { type History, historyAt } from '../../../src/search/history.js';
import type { Proposal } from '../../../src/search/samplers/proposal.js';
import type { Deps } from '../../../src/service/deps.js';
import type { SearchInput } from '../../../src/service/experiment/check-search.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { type ReviseSearchInput, reviseSearch } from '../../../src/service/experiment/revise-search.js';
import { stopExperiment } from '../../../src/service/experiment/stop-experiment.js';
import { reclaimLeases } from '../../../src/service/job/reclaim-leases.js';
import { reportMetrics } from '../../../src/service/metric/report-metrics.js';
import { judgeTrial } from '../../../src/service/search/judge.js';
import { loadHistory } from '../../../src/service/search/load-history.js';
import { inlineProposer, type ProposalRequest, type Proposer } from '../../../src/service/search/proposer.js';
import { openWorkerProposer } from '../../../src/service/search/worker-proposer.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { stopTrial } from '../../../src/service/trial/stop-trial.js';
import { unique } from '../../support/builders.js';
import { until } from '../../support/until.js';
import { openWorld, type World } from '../../support/world.js';
import { addRunner, finish, lapse, lease, reportLoss, trialNow } from '../job/queue.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await reclaimLeases(world.deps);
});
afterAll(() => world.close());

const SPACE = {
  lr: { kind: 'float', low: 1e-5, high: 1, log: true },
  layers: { kind: 'int', low: 1, high: 4 },
  optimizer: { kind: 'categorical', choices: ['sgd', 'adam'] },
  momentum: { kind: 'float', low: 0, high: 1, when: { param: 'optimizer', in: ['sgd'] } },
};

function addTpe(part: Partial<SearchInput> = {}, command: readonly string[] | null = ['train']): Promise<Experiment> {
  return createExperiment(world.deps, world.admin, {
    projectId: world.project.id,
    name: unique('replayed'),
    command,
    search: {
      space: SPACE,
      objective: { metric: 'loss', goal: 'minimize' },
      sampler: { kind: 'tpe', options: { nStartup: 4 } },
      pruner: { kind: 'median', options: { startupTrials: 2 } },
      budget: { maxTrials: 24, maxParallel: 4 },
      seed: 'seven',
      ...part,
    },
  });
}

async function historyOf(experiment: Experiment, deps: Deps = world.deps): Promise<History> {
  return loadHistory(deps.database.read, deps.database, experiment.id, experiment.search as Search);
}

describe('an experiment that was run', () => {
  it('gives each trial the same params again from what was known then, here and on a cold server', async () => {
    const experiment = await addTpe();
    const worker = await addRunner(world);
    // In parallel, with every kind of end: completed, pruned, failed, stopped, lost and tried again.
    for (let round = 0; round < 40; round++) {
      const leased = await lease(world, worker, { max: 3 });
      for (const [i, one] of leased.entries()) {
        const end = (round + i) % 6;
        await reportLoss(world, one.trial, [1 / (1 + one.trial.number), end], one.job.attempt);
        if (end === 0) await finish(world, worker, one, 'FAILED', 'OOM');
        else if (end === 1) await finish(world, worker, one, 'PREEMPTED');
        else if (end === 2) {
          await stopTrial(world.deps, world.admin, { id: one.trial.id });
          await finish(world, worker, one, 'TERMINATED');
        } else if (end === 3) {
          await lapse(world, one.trial.id);
          await reclaimLeases(world.deps);
        } else await finish(world, worker, one, 'COMPLETED');
      }
    }

    const cold = await world.openServer();
    for (const deps of [world.deps, cold]) {
      const history = await historyOf(experiment, deps);
      expect(history.trials).toHaveLength(24);
      expect(new Set(history.trials.map((trial) => trial.state)).size).toBeGreaterThanOrEqual(3);
      for (const trial of history.trials) {
        const [proposal] = await inlineProposer.propose({
          sampler: (experiment.search as Search).sampler,
          history: historyAt(history, trial.askedAt),
          count: 1,
        });
        expect(proposal?.params).toEqual(trial.params);
      }
    }
    expect((await findExperiment(world.deps, world.admin, { id: experiment.id }))?.state).toBe('COMPLETED');
  });
});

describe('an experiment whose search was revised on the way', () => {
  it('gives each trial the same params again from space and budget as they were then', async () => {
    const experiment = await addTpe({}, null);
    const revise = (input: Omit<ReviseSearchInput, 'experimentId'>) =>
      reviseSearch(world.deps, world.admin, { experimentId: experiment.id, ...input });
    await tellSome(experiment, 8);
    // Smaller here, larger there, one kind less and one parameter more.
    await revise({
      space: {
        lr: { kind: 'float', low: 1e-4, high: 1e-1, log: true },
        layers: { kind: 'int', low: 1, high: 8 },
        optimizer: { kind: 'categorical', choices: ['adam', 'lion'] },
        dropout: { kind: 'float', low: 0, high: 0.5, default: 0 },
      },
    });
    await revise({ budget: { maxTrials: 40 } });
    await tellSome(experiment, 8);
    await revise({ space: SPACE, budget: { maxTrials: 30 } });
    await tellSome(experiment, 4);

    const revised = await findExperiment(world.deps, world.admin, { id: experiment.id });
    const budgets: (number | undefined)[] = [];
    for (const deps of [world.deps, await world.openServer()]) {
      const history = await historyOf(revised as Experiment, deps);
      const all = [...history.trials, ...(history.outside ?? [])].sort((a, b) => a.number - b.number);
      expect(all).toHaveLength(20);
      expect(history.outside?.length).toBeGreaterThan(0);
      for (const trial of all) {
        const then = historyAt(history, trial.askedAt);
        budgets.push(then.budget);
        const [proposal] = await inlineProposer.propose({
          sampler: (experiment.search as Search).sampler,
          history: then,
          count: 1,
        });
        expect(proposal?.params).toEqual(trial.asked ?? trial.params);
      }
    }
    expect(new Set(budgets)).toEqual(new Set([24, 40, 30]));
  });

  async function tellSome(experiment: Experiment, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
      const { id, number } = started!.trial;
      const told = i % 3 === 2 ? ({ state: 'FAILED', cause: 'OOM' } as const) : ({ state: 'COMPLETED' } as const);
      await finishTrial(world.deps, world.admin, { trialId: id, attempt: 1, value: 1 / (1 + number), ...told });
    }
  }
});

describe('a report that is stored while a sampler thinks', () => {
  it('is known to the next proposal and not to this one, then and in replay', async () => {
    const experiment = await addTpe({}, null);
    const ask = async (deps: Deps = world.deps) =>
      (await askTrial(deps, world.admin, { experimentId: experiment.id })).started!.trial;
    const first = await ask();
    const histories: History[] = [];
    let goOn: () => void = () => undefined;
    const thinking = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const proposer: Proposer = {
      propose: async (request) => {
        histories.push(request.history);
        await thinking;
        return inlineProposer.propose(request);
      },
      resume: inlineProposer.resume,
      close: async () => undefined,
    };
    const asking = ask({ ...world.deps, proposer });
    await until(() => histories.length > 0);
    const column = { key: 'loss', steps: Float64Array.of(0), times: Float64Array.of(1), values: Float64Array.of(0.5) };
    const report = { trialId: first.id, attempt: 1, stream: 's', seq: 0, series: [column] };
    expect((await reportMetrics(world.deps, world.admin, report)).outcome).toBe('ACCEPTED');
    goOn();
    const second = await asking;
    const third = await ask();

    const seen = (await historyOf(experiment)).trials.map(({ reports }) => [...reports]);
    expect(seen).toEqual([[0.5], [], []]);
    expect(histories[0]?.trials[0]?.reports).toHaveLength(0);
    const knownTo = async ({ askedAt }: { askedAt: number }) =>
      historyAt(await historyOf(experiment), askedAt).trials.map(({ reports }) => reports.length);
    expect(await knownTo(second)).toEqual([0]);
    expect(await knownTo(third)).toEqual([1, 0]);
  });

  it('is part of its trial when that ends, whether or not anybody asked since', async () => {
    const experiment = await addTpe({}, null);
    const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
    const { id } = started!.trial;
    const column = { key: 'loss', steps: Float64Array.of(0), times: Float64Array.of(1), values: Float64Array.of(0.5) };
    await reportMetrics(world.deps, world.admin, { trialId: id, attempt: 1, stream: 's', seq: 0, series: [column] });

    await finishTrial(world.deps, world.admin, { trialId: id, attempt: 1, state: 'COMPLETED' });
    const late = { ...column, steps: Float64Array.of(1) };
    await reportMetrics(world.deps, world.admin, { trialId: id, attempt: 1, stream: 's', seq: 1, series: [late] });

    const [trial] = (await historyOf(experiment, await world.openServer())).trials;
    expect([[...trial!.steps], trial!.values]).toEqual([[0], [0.5]]);
    expect(trial!.reportedAt[0]).toBeLessThan(trial!.endedAt!);
  });
});

describe('suggest', () => {
  const proposed = (params: Params): Proposal => ({ params, by: 'tpe', explanation: { phase: 'EXPLOIT' } });
  const broken: Record<string, (request: ProposalRequest) => Promise<readonly Proposal[]>> = {
    throws: () => Promise.reject(new Error('singular matrix')),
    'leaves the space': () => Promise.resolve([proposed({ lr: 5, layers: 1, optimizer: 'adam' })]),
    'gives inactive params': () =>
      Promise.resolve([proposed({ lr: 0.1, layers: 1, optimizer: 'adam', momentum: 0.5 })]),
  };

  it.each(Object.keys(broken))('falls back to a random draw and an event when the sampler %s', async (how) => {
    const proposer: Proposer = { ...inlineProposer, propose: broken[how] as Proposer['propose'] };
    const experiment = await addTpe({}, null);

    const { started } = await askTrial({ ...world.deps, proposer }, world.admin, { experimentId: experiment.id });

    expect(started?.trial.proposedBy).toBe('random');
    const events = await world.deps.database.read.query(
      `/* test */ SELECT kind FROM event WHERE experiment_id = $1 AND kind = 'SAMPLER_FALLBACK'`,
      [experiment.id],
    );
    expect(events).toHaveLength(1);
    const history = await historyOf(experiment);
    const [again] = await inlineProposer.propose({
      sampler: { kind: 'random', options: {} },
      history: historyAt(history, 1),
      count: 1,
    });
    expect(again?.params).toEqual(started?.trial.params);
  });
});

describe('openWorkerProposer', () => {
  it('answers as the inline one, and goes on after a request that took too long', async () => {
    const experiment = await addTpe({}, null);
    const history = await historyOf(experiment);
    const request = { sampler: { kind: 'tpe', options: {} }, history, count: 3 };
    const worker = openWorkerProposer({ limitMs: 10_000 });
    const hasty = openWorkerProposer({ limitMs: 1 });

    expect(await worker.propose(request)).toEqual(await inlineProposer.propose(request));
    await expect(worker.propose({ ...request, sampler: { kind: 'none', options: {} } })).rejects.toThrow('no sampler');
    await expect(hasty.propose({ ...request, count: 2_000 })).rejects.toThrow('within 1 ms');
    await expect(hasty.propose({ ...request, count: 2_000 })).rejects.toThrow('within 1 ms');
    expect(await worker.propose({ ...request, count: 1 })).toHaveLength(1);
    await Promise.all([worker.close(), hasty.close()]);
    await expect(worker.propose(request)).rejects.toThrow('closed');
  });
});

describe('judgeTrial', () => {
  it('prunes what is worse than the median, keeps the verdict, and the trial ends as PRUNED', async () => {
    const experiment = await addTpe({ budget: { maxTrials: 5, maxParallel: 1 } }, null);
    const ask = async () => (await askTrial(world.deps, world.admin, { experimentId: experiment.id })).started!.trial;
    for (const value of [1, 2]) {
      const trial = await ask();
      await reportLoss(world, trial, [value, value]);
      await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'COMPLETED' });
    }
    const trial = await ask();
    const judge = () => judgeTrial(world.deps, { experimentId: experiment.id, trialId: trial.id });

    expect(await judge()).toEqual({ stop: false, pause: false, reason: null });
    await reportLoss(world, trial, [1]);
    expect(await judge()).toEqual({ stop: false, pause: false, reason: null });
    const bad = await finishAndAsk();
    await reportLoss(world, bad, [9]);
    const verdict = await judgeTrial(world.deps, { experimentId: experiment.id, trialId: bad.id });
    expect(verdict).toEqual({ stop: true, pause: false, reason: expect.stringContaining('median') });
    expect(await judgeTrial(world.deps, { experimentId: experiment.id, trialId: bad.id })).toEqual(verdict);
    expect(await trialNow(world, bad.id)).toMatchObject({
      state: 'RUNNING',
      stopReason: 'PRUNER',
      stopMessage: verdict.reason,
    });
    expect(
      await finishTrial(world.deps, world.admin, { trialId: bad.id, attempt: 1, state: 'COMPLETED' }),
    ).toMatchObject({ state: 'PRUNED', value: 9 });

    async function finishAndAsk() {
      await finishTrial(world.deps, world.admin, { trialId: trial.id, attempt: 1, state: 'COMPLETED' });
      return ask();
    }
  });

  it('passes on what people asked for', async () => {
    const experiment = await addTpe({}, null);
    const { started } = await askTrial(world.deps, world.admin, { experimentId: experiment.id });
    const { id } = started!.trial;

    await stopExperiment(world.deps, world.admin, { id: experiment.id });

    expect(await judgeTrial(world.deps, { experimentId: experiment.id, trialId: id })).toEqual({
      stop: true,
      pause: false,
      reason: 'the experiment was stopped',
    });
  });
});
