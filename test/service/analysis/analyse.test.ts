import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlatformError } from '../../../src/domain/errors.js';
import type { Experiment } from '../../../src/domain/experiment.js';
import { analyse } from '../../../src/service/analysis/analyse.js';
import { type Analyst, inlineAnalyst } from '../../../src/service/analysis/analyst.js';
import { compareAnalyses } from '../../../src/service/analysis/compare-analyses.js';
import { type Analysis, loadAnalyses } from '../../../src/service/analysis/load-analyses.js';
import { type AnalysisKind, type AnalysisOptions, answerNow } from '../../../src/service/analysis/questions.js';
import type { Deps } from '../../../src/service/deps.js';
import { createExperiment } from '../../../src/service/experiment/create-experiment.js';
import { reviseSearch } from '../../../src/service/experiment/revise-search.js';
import { askTrial } from '../../../src/service/trial/ask-trial.js';
import { deleteTrial } from '../../../src/service/trial/delete-trial.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { addOrganization, codeOf, unique } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { reportLoss } from '../job/queue.js';
import { addSearched, runSome, SPACE, storedHistory } from './searched.js';

let world: World;
let experiment: Experiment;
let cold: Deps;
beforeAll(async () => {
  world = await openWorld();
  cold = await world.openServer();
  experiment = await addSearched(world);
  await runSome(world, experiment, 36);
}, 60_000);
afterAll(() => world.close());

const QUESTIONS: { readonly [Kind in AnalysisKind]: AnalysisOptions<Kind> } = {
  bestSoFar: { objective: 0 },
  importance: { method: 'FANOVA', objective: null, pairs: 3 },
  slice: { parameters: ['more'], objective: 0 },
  contour: { parameters: ['rate', 'layers'], objective: 0 },
  surface: { parameters: ['rate'], objective: 0 },
  rank: { parameters: ['rate', 'way'], objective: 0 },
  parallelCoordinates: { first: 10 },
  intermediateValues: { first: 5, points: 2 },
  distribution: { objective: 0 },
  timeline: { first: 20 },
  regimes: { objective: 0, first: 10 },
  duplicates: { objective: 0, first: 10 },
  failures: { kind: 'OOM' },
  correlations: {},
  costAndGain: { objective: 0 },
  stoppingAdvice: { patience: 30, ahead: 10 },
};

async function begin({ id }: Experiment, deps: Deps = world.deps): Promise<Analysis> {
  const [analysis] = await loadAnalyses(deps, world.admin, [id]);
  return analysis!;
}

/** An analyst that counts what it is asked. */
function counting(deps: Deps = world.deps) {
  const asked: AnalysisKind[] = [];
  const analyst: Analyst = {
    ...inlineAnalyst,
    answer: (request) => {
      asked.push(request.kind);
      return inlineAnalyst.answer(request);
    },
  };
  return { deps: { ...deps, analyst }, asked };
}

describe('analyse', () => {
  it.each(Object.entries(QUESTIONS) as [AnalysisKind, never][])(
    'answers %s with what the history says, here and on a cold server',
    async (kind, options) => {
      const history = await storedHistory(world, experiment);

      const answer = await analyse(world.deps, await begin(experiment), kind, options);

      expect(answer).toEqual(answerNow(history, kind, options));
      expect(answer.basis.trials).toBeGreaterThan(0);
      expect(answer.basis.problem).toBeNull();
      expect(answer.basis.sequence).toBe(Math.max(...history.trials.map(({ endedAt = 0 }) => endedAt)));
      expect(await analyse(cold, await begin(experiment, cold), kind, options)).toEqual(answer);
    },
  );

  it('says why it is empty, and that is no error', async () => {
    const empty = await begin(await addSearched(world));

    for (const [kind, options] of Object.entries(QUESTIONS) as [AnalysisKind, never][]) {
      const { basis } = await analyse(world.deps, empty, kind, options);
      expect([kind, basis]).toEqual([kind, { trials: 0, sequence: 0, problem: 'NO_TRIALS' }]);
    }
  });

  it('counts what a search began with, and not what that cost', async () => {
    const warm = await createExperiment(world.deps, world.admin, {
      projectId: world.project.id,
      name: unique('warm'),
      search: {
        space: SPACE,
        objective: { metric: 'loss', goal: 'minimize' },
        sampler: { kind: 'random' },
        budget: { maxTrials: 9 },
        warmStart: [`${world.project.name}/${experiment.name}`],
      },
    });
    const analysis = await begin(warm);

    const best = await analyse(world.deps, analysis, 'bestSoFar', { objective: 0 });
    const cost = await analyse(world.deps, analysis, 'costAndGain', { objective: 0 });

    // Of 36 trials six failed, and six have a value that is none.
    expect(best.basis).toMatchObject({ trials: 24, problem: null });
    expect(best.holders.at(-1)).toBeLessThan(0);
    expect(cost.seconds.at(-1)).toBe(0);
    expect(cost.values).toEqual(best.values);
  });

  it.each([
    ['a parameter', 'slice', { parameters: ['none'], objective: 0 }, /no parameter none: use one of rate, layers/],
    ['an objective', 'bestSoFar', { objective: 1 }, /numbered from 0 to 0/],
    ['the same parameter twice', 'contour', { parameters: ['rate', 'rate'], objective: 0 }, /different names/],
    ['too many rows', 'regimes', { objective: 0, first: 201 }, /first must be a whole number from 1 to 200/],
    ['too few points', 'intermediateValues', { first: 1, points: 1 }, /points must be a whole number from 2/],
  ] as [string, AnalysisKind, never, RegExp][])(
    'refuses %s that is not there',
    async (_what, kind, options, message) => {
      const asked = analyse(world.deps, await begin(experiment), kind, options);

      expect(await codeOf(asked)).toBe('INPUT_INVALID');
      await expect(asked).rejects.toThrow(message);
    },
  );
});

describe('what was computed', () => {
  it('serves all who ask until a trial ends, or anything else changes', async () => {
    const { deps, asked } = counting();
    const changing = await addSearched(world);
    await runSome(world, changing, 3);
    const look = async () => analyse(deps, await begin(changing), 'bestSoFar', { objective: 0 });
    const ask = async () => (await askTrial(deps, world.admin, { experimentId: changing.id })).started!.trial;

    const [first, second] = await Promise.all([look(), look()]);
    expect(second).toBe(first);
    expect(await look()).toBe(first);
    expect(asked).toHaveLength(1);

    const trial = await ask();
    await look();
    expect(asked).toHaveLength(2);
    await reportLoss(world, trial, [1, 2]);
    await look();
    expect(asked).toHaveLength(3);
    await finishTrial(deps, world.admin, { trialId: trial.id, attempt: 1, state: 'COMPLETED', value: -1 });
    const after = await look();
    expect([asked.length, after.values.at(-1), after.basis.trials]).toEqual([4, -1, 4]);
    await deleteTrial(deps, world.admin, { id: trial.id });
    expect((await look()).values.at(-1)).toBe(first.values.at(-1));
    await reviseSearch(deps, world.admin, {
      experimentId: changing.id,
      space: { ...SPACE, extra: { kind: 'boolean' } },
    });
    expect((await look()).basis.trials).toBe(0);
    expect(await look()).toEqual(await look());
    expect(asked).toHaveLength(6);
  });

  it('is kept by question', async () => {
    const { deps, asked } = counting();
    const analysis = await begin(experiment);

    await analyse(deps, analysis, 'slice', { parameters: ['rate'], objective: 0 });
    await analyse(deps, analysis, 'slice', { parameters: ['layers'], objective: 0 });
    await analyse(deps, analysis, 'slice', { parameters: ['rate'], objective: 0 });

    expect(asked).toHaveLength(2);
  });

  it('is not kept when it failed, unless it would fail again', async () => {
    let count = 0;
    const failing = (code: 'OVERLOADED' | 'QUERY_TOO_COSTLY') => {
      const analyst: Analyst = {
        ...inlineAnalyst,
        answer: () => {
          count += 1;
          return Promise.reject(new PlatformError(code, 'no'));
        },
      };
      return { ...world.deps, analyst };
    };
    const analysis = await begin(experiment);
    const codes = async (deps: Deps) => [
      await codeOf(analyse(deps, analysis, 'correlations', {})),
      await codeOf(analyse(deps, analysis, 'correlations', {})),
    ];

    expect(await codes(failing('OVERLOADED'))).toEqual(['OVERLOADED', 'OVERLOADED']);
    expect(count).toBe(2);
    expect(await codes(failing('QUERY_TOO_COSTLY'))).toEqual(['QUERY_TOO_COSTLY', 'QUERY_TOO_COSTLY']);
    expect(count).toBe(3);
  });
});

describe('who may see what', () => {
  it('is what experiments they may see; without a search there is nothing to see', async () => {
    const foreign = await addOrganization(world);
    const tracked = await createExperiment(world.deps, world.admin, {
      projectId: world.project.id,
      name: unique('tracked'),
    });

    expect(await loadAnalyses(world.deps, foreign.admin, [experiment.id])).toEqual([null]);
    expect(await loadAnalyses(world.deps, world.admin, [tracked.id])).toEqual([null]);
  });

  it('compares experiments in the order asked for, or says which is not there', async () => {
    const other = await addSearched(world);
    const foreign = await addOrganization(world);
    const compare = (ids: readonly string[], principal = world.admin) => compareAnalyses(world.deps, principal, ids);

    const found = await compare([other.id, experiment.id, other.id]);
    expect(found.map((one) => one.experiment.id)).toEqual([other.id, experiment.id]);
    expect(await codeOf(compare([experiment.id], foreign.admin))).toBe('NOT_FOUND');
    expect(await codeOf(compare(['nothing']))).toBe('NOT_FOUND');
    const many = Array.from({ length: 21 }, (_, i) => `01890000-0000-7000-8000-0000000000${10 + i}`);
    expect(await codeOf(compare(many))).toBe('LIMIT_EXCEEDED');
  });
});
