import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeColumn } from '../../src/api/scalars/float64-column.js';
import type { Experiment } from '../../src/domain/experiment.js';
import { bestSoFar } from '../../src/search/analysis/best-so-far.js';
import { correlations } from '../../src/search/analysis/correlations.js';
import { distribution } from '../../src/search/analysis/distribution.js';
import { failureRegions } from '../../src/search/analysis/failure-regions.js';
import { parallelCoordinates } from '../../src/search/analysis/parallel-coordinates.js';
import { partialDependence } from '../../src/search/analysis/partial-dependence.js';
import { pedAnova } from '../../src/search/analysis/ped-anova.js';
import { rankedTrials } from '../../src/search/analysis/rank.js';
import { contour, slice } from '../../src/search/analysis/scatter.js';
import { stoppingAdvice } from '../../src/search/analysis/stopping.js';
import { timeline } from '../../src/search/analysis/timeline.js';
import type { History } from '../../src/search/history.js';
import { addSearched, runSome, storedHistory } from '../service/analysis/searched.js';
import { type Api, newKey, openApi, post } from './server.js';

let api: Api;
let experiment: Experiment;
let empty: Experiment;
let history: History;
beforeAll(async () => {
  api = await openApi();
  experiment = await addSearched(api.world, 'analysed');
  empty = await addSearched(api.world, 'empty');
  await runSome(api.world, experiment, 36);
  history = await storedHistory(api.world, experiment);
}, 60_000);
afterAll(() => api.close());

const ask = (fields: string, id: string = experiment.id, key = api.keys.viewer) =>
  post(api.url, key, `query($id: ID!) { experiment(id: $id) { analysis { ${fields} } } }`, { id });

async function analysis(fields: string, id?: string) {
  const answer = await ask(fields, id);
  expect(answer.errors, answer.text).toEqual([]);
  return answer.data.experiment.analysis;
}

const column = (text: string) => [...decodeColumn(text)];

describe('the analysis of an experiment', () => {
  test('serves columns of what the history says', async () => {
    const found = await analysis(`
      bestSoFar { basis { trials sequence problem } numbers values holders }
      distribution { values shares }
      parallelCoordinates(trials: 10) { numbers axes { parameter labels low high isLog points } objectives }
      timeline(trials: 5) { numbers states proposedBy from to lanes seconds }
      correlations { parameters objectives matrix }
      rank(parameters: ["rate", "way"]) { numbers axes { parameter points } values ranks }`);

    const best = bestSoFar(history);
    expect(column(found.bestSoFar.values)).toEqual([...best.values]);
    expect(column(found.bestSoFar.numbers)).toEqual([...best.numbers]);
    const sequence = Math.max(...history.trials.map(({ endedAt = 0 }) => endedAt));
    expect(found.bestSoFar.basis).toEqual({ trials: 36, sequence, problem: null });
    expect(column(found.distribution.shares)).toEqual([...distribution(history).shares]);
    const lines = parallelCoordinates(history, 10);
    expect(column(found.parallelCoordinates.objectives[0])).toEqual([...(lines.objectives[0] ?? [])]);
    expect(found.parallelCoordinates.axes.map((axis: { points: string }) => column(axis.points))).toEqual(
      lines.axes.map(({ points }) => [...points]),
    );
    expect(found.parallelCoordinates.axes[0]).toMatchObject({
      ...{ parameter: 'rate', labels: null, low: 0.001, high: 1, isLog: true },
    });
    expect(found.parallelCoordinates.axes[2]).toMatchObject({ parameter: 'way', labels: ['"a"', '"b"'], low: null });
    const bars = timeline(history).slice(-5);
    expect(found.timeline.states).toEqual(bars.map(({ state }) => state));
    expect(column(found.timeline.from)).toEqual(bars.map(({ from }) => from));
    const { names, matrix } = correlations(history);
    expect([found.correlations.parameters, column(found.correlations.matrix)]).toEqual([names, [...matrix]]);
    expect(column(found.rank.ranks)).toEqual([...(rankedTrials(history, [])?.ranks ?? [])]);
  });

  test('serves which parameters matter, by either method', async () => {
    const { quick, whole } = await analysis(`
      quick: importance { method parameters importances basis { trials } interactions { parameters } }
      whole: importance(method: FANOVA, pairs: 2) { method parameters importances interactions { parameters importance } }`);

    const { importances } = pedAnova(history);
    expect(quick).toMatchObject({ method: 'PED_ANOVA', interactions: [], basis: { trials: pedAnova(history).trials } });
    expect(quick.parameters).toEqual(importances.map(({ name }) => name));
    expect(column(quick.importances)).toEqual(importances.map(({ importance }) => importance));
    expect(whole.parameters[0]).toBe('rate');
    expect(whole.interactions).toHaveLength(1);
  });

  test('serves points, and the model next to them when it is asked for', async () => {
    const found = await analysis(`
      slice(parameter: "rate") { axis { points } numbers values feasible model { basis { trials } x y means deviations } }
      contour(x: "rate", y: "layers") { x { points } y { labels } values ranks model { x y means } }`);

    const points = slice(history, 'rate');
    expect(column(found.slice.values)).toEqual([...(points?.objective ?? [])]);
    expect(column(found.slice.axis.points)).toEqual([...(points?.axis.points ?? [])]);
    const along = partialDependence(history, ['rate']);
    expect(column(found.slice.model.means)).toEqual([...(along?.means ?? [])]);
    expect(column(found.slice.model.deviations)).toEqual([...(along?.deviations ?? [])]);
    expect([found.slice.model.y, found.slice.model.basis.trials]).toEqual([null, along?.trials]);
    const both = partialDependence(history, ['rate', 'layers']);
    expect(column(found.contour.model.means)).toEqual([...(both?.means ?? [])]);
    expect(column(found.contour.model.y)).toEqual([0, 1, 2, 3]);
    expect(column(found.contour.ranks)).toEqual([...(contour(history, ['rate', 'layers'])?.ranks ?? [])]);
  });

  test('serves tables, curves and advice', async () => {
    const found = await analysis(`
      regimes { total regimes { parameters trials observed failed best bestTrial median } }
      duplicates { total points { params numbers observed mean deviation } noise freedom }
      failures(kind: OOM) { failed kinds { kind count } parameters { parameter told low high ended failed } }
      intermediateValues(first: 3, points: 2) { basis { trials } curves { number state steps values } }
      costAndGain { seconds values }
      stoppingAdvice(patience: 5) { shouldStop rules { kind value threshold shouldStop reason } remaining { trials gain } }`);

    expect(found.regimes.total).toBe(2);
    expect(
      found.regimes.regimes.map((row: { trials: number }) => row.trials).reduce((a: number, b: number) => a + b),
    ).toBe(36);
    expect(found.duplicates.points[0]).toMatchObject({ params: { rate: 0.1, layers: 2, way: 'a' }, observed: 6 });
    expect(found.duplicates.points[0].deviation).toBeCloseTo(0, 9);
    expect(column(found.duplicates.points[0].numbers)).toEqual([0, 6, 12, 18, 24, 30]);
    const failures = failureRegions(history, 'OOM');
    expect([found.failures.failed, found.failures.kinds]).toEqual([6, failures.kinds]);
    expect(column(found.failures.parameters[0].failed)).toEqual(failures.axes[0]?.cells.map(({ failed }) => failed));
    expect(found.intermediateValues.basis.trials).toBe(36);
    expect(found.intermediateValues.curves).toHaveLength(3);
    const { rules, shouldStop, remaining } = stoppingAdvice(history, { patience: 5 });
    expect(found.stoppingAdvice).toEqual({
      shouldStop,
      rules: rules.map((rule) => ({ ...rule, kind: rule.kind.toUpperCase() })),
      remaining,
    });
  });

  test('is empty with a reason, and null without a search', async () => {
    const found = await analysis(
      `bestSoFar { basis { trials problem } values } importance { basis { problem } parameters }
       slice(parameter: "rate") { values model { basis { problem } means } } stoppingAdvice { shouldStop rules { kind } }`,
      empty.id,
    );

    expect(found.bestSoFar).toEqual({ basis: { trials: 0, problem: 'NO_TRIALS' }, values: '' });
    expect(found.importance).toEqual({ basis: { problem: 'NO_TRIALS' }, parameters: [] });
    expect(found.slice).toEqual({ values: '', model: { basis: { problem: 'NO_TRIALS' }, means: '' } });
    expect(found.stoppingAdvice).toEqual({ shouldStop: false, rules: [] });
    expect(await analysis('bestSoFar { values }', api.experimentId)).toBeNull();
  });

  test('compares experiments in the order asked for', async () => {
    const query =
      'query($ids: [ID!]!) { analyses(experimentIds: $ids) { experiment { name } distribution { basis { trials } values } } }';
    const { data, errors } = await post(api.url, api.keys.viewer, query, { ids: [empty.id, experiment.id] });

    expect(errors).toEqual([]);
    expect(data.analyses[0]).toEqual({
      experiment: { name: 'empty' },
      distribution: { basis: { trials: 0 }, values: '' },
    });
    expect(data.analyses[1].experiment.name).toBe('analysed');
    expect(column(data.analyses[1].distribution.values)).toEqual([...distribution(history).values]);
    const absent = await post(api.url, api.keys.viewer, query, { ids: [experiment.id, api.experimentId] });
    expect(absent.errors[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

describe('what is refused', () => {
  test.each([
    ['slice(parameter: "none") { values }', 'INPUT_INVALID'],
    ['contour(x: "rate", y: "rate") { values }', 'INPUT_INVALID'],
    ['bestSoFar(objective: 7) { values }', 'INPUT_INVALID'],
    ['timeline(trials: 10001) { numbers }', 'INPUT_INVALID'],
    ['intermediateValues(first: 201) { curves { number } }', 'INPUT_INVALID'],
  ])('%s', async (fields, code) => {
    const { errors } = await ask(fields);

    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  });

  test('more than an operation may have computed', async () => {
    const page = (fields: string) =>
      post(api.url, api.keys.viewer, `{ experiments(first: 100) { nodes { analysis { ${fields} } } } }`);

    expect((await page('bestSoFar { values }')).errors).toEqual([]);
    expect((await page('importance(method: FANOVA) { importances }')).errors[0]?.extensions.code).toBe(
      'QUERY_TOO_COSTLY',
    );
  });

  test('those who may not look', async () => {
    const codeOf = async (key: string) =>
      (await ask('bestSoFar { values }', api.experimentId, key)).errors[0]?.extensions.code;

    expect(await codeOf(api.keys.trial)).toBe('FORBIDDEN');
    expect(await codeOf(await newKey(api.world, 'RUNNER'))).toBe('FORBIDDEN');
  });
});
