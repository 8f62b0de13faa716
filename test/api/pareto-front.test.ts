import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeColumn } from '../../src/api/scalars/float64-column.js';
import { type Api, openApi, post } from './server.js';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const SEARCH = {
  space: { x: { kind: 'float', low: 0, high: 1 } },
  objectives: [
    { metric: 'accuracy', goal: 'MAXIMIZE' },
    { metric: 'size', goal: 'MINIMIZE', take: 'BEST' },
  ],
  metricConstraints: [{ metric: 'memory', atMost: 24, take: 'WORST' }],
  sampler: { kind: 'nsga2' },
};

const CREATE = `mutation($input: CreateExperimentInput!) { createExperiment(input: $input) { id
  search { objective { metric } objectives { metric goal take } metricConstraints { metric atMost atLeast take } replicates { count first share confirm { top times } } } } }`;
const ASK = 'mutation($input: AskTrialInput!) { askTrial(input: $input) { started { trial { id number } token } } }';
const REPORT = 'mutation($input: ReportMetricsInput!) { reportMetrics(input: $input) { outcome } }';
const FINISH =
  'mutation($input: FinishTrialInput!) { finishTrial(input: $input) { state value objectiveValues constraintValues violation isFeasible } }';
const FRONT = `query($id: ID!, $reference: [Float64!]) { experiment(id: $id) { bestTrial { number }
  bestTrials(first: 1) { totalCount pageInfo { hasNextPage } nodes { number objectiveValues } summary { key } }
  paretoFront(reference: $reference) { numbers values knee reference hypervolume { numbers ended volumes } } } }`;

let made = 0;
async function create(search: object) {
  made += 1;
  const input = { projectId: api.world.project.id, name: `front ${made}`, search };
  const { data, errors } = await post(api.url, api.keys.admin, CREATE, { input });
  expect(errors).toEqual([]);
  return data.createExperiment;
}

async function run(experimentId: string, objectiveValues: unknown[], memory: number) {
  const { data } = await post(api.url, api.keys.admin, ASK, { input: { experimentId } });
  const { trial, token } = data.askTrial.started;
  const series = [{ key: 'memory', steps: [0], times: [0], values: [memory] }];
  await post(api.url, token, REPORT, { input: { trialId: trial.id, attempt: 1, stream: 's', seq: 0, series } });
  const input = { trialId: trial.id, attempt: 1, state: 'COMPLETED', objectiveValues };
  const told = await post(api.url, token, FINISH, { input });
  expect(told.errors).toEqual([]);
  return told.data.finishTrial;
}

test('a search of several objectives and bounds goes from its creation to its front', async () => {
  const { id, search } = await create(SEARCH);
  expect(search).toEqual({
    objective: { metric: 'accuracy' },
    objectives: [
      { metric: 'accuracy', goal: 'MAXIMIZE', take: 'LAST' },
      { metric: 'size', goal: 'MINIMIZE', take: 'BEST' },
    ],
    metricConstraints: [{ metric: 'memory', atMost: 24, atLeast: null, take: 'WORST' }],
    replicates: null,
  });

  expect(await run(id, [3, 1], 20)).toEqual({
    state: 'COMPLETED',
    value: 3,
    objectiveValues: [3, 1],
    constraintValues: [20],
    violation: 0,
    isFeasible: true,
  });
  expect(await run(id, [9, '-Infinity'], 30)).toMatchObject({
    objectiveValues: [9, '-Infinity'],
    violation: 6,
    isFeasible: false,
  });
  await run(id, [5, 2], 24);

  const { data, errors } = await post(api.url, api.keys.viewer, FRONT, { id, reference: [0, 4] });
  expect(errors).toEqual([]);
  const { bestTrial, bestTrials, paretoFront } = data.experiment;
  expect(bestTrial).toEqual({ number: 2 });
  expect(bestTrials).toEqual({
    totalCount: 2,
    pageInfo: { hasNextPage: true },
    nodes: [{ number: 0, objectiveValues: [3, 1] }],
    summary: [{ key: 'memory' }],
  });
  expect([...decodeColumn(paretoFront.numbers)]).toEqual([0, 2]);
  expect(paretoFront.values.map((column: string) => [...decodeColumn(column)])).toEqual([
    [3, 5],
    [1, 2],
  ]);
  expect(paretoFront).toMatchObject({ knee: null, reference: [0, 4] });
  expect([...decodeColumn(paretoFront.hypervolume.ended)]).toEqual([1, 3]);
  expect([...decodeColumn(paretoFront.hypervolume.volumes)]).toEqual([9, 13]);
  expect((await post(api.url, api.keys.viewer, FRONT, { id, reference: [1] })).errors[0]?.extensions.code).toBe(
    'INPUT_INVALID',
  );
});

test('fronts of many experiments at once cost too much', async () => {
  const page =
    'query($id: ID!, $first: Int!) { project(id: $id) { experiments(first: $first) { nodes { paretoFront { numbers } } } } }';
  const ask = async (first: number) =>
    (await post(api.url, api.keys.viewer, page, { id: api.world.project.id, first })).errors.map(
      ({ extensions }: { extensions: { code: string } }) => extensions.code,
    );

  expect([await ask(20), await ask(200)]).toEqual([[], ['QUERY_TOO_COSTLY']]);
});

test('one objective is the short form of a list of one', async () => {
  const { objectives, ...rest } = SEARCH;
  const { id, search } = await create({ ...rest, objective: objectives[1] });

  expect(search).toMatchObject({ objective: { metric: 'size' }, objectives: [{ metric: 'size' }] });
  const input = { projectId: api.world.project.id, name: 'both', search: { ...SEARCH, objective: objectives[1] } };
  const { errors } = await post(api.url, api.keys.admin, CREATE, { input });
  expect(errors[0]).toMatchObject({
    message: expect.stringContaining('one of the two'),
    extensions: { code: 'INPUT_INVALID' },
  });
  const { data } = await post(api.url, api.keys.viewer, FRONT, { id });
  expect(data.experiment).toMatchObject({
    bestTrial: null,
    paretoFront: null,
    bestTrials: { totalCount: 0, nodes: [] },
  });
});

test('replicates are told from each other, with the mean of their point', async () => {
  const { objectives, metricConstraints: _, ...rest } = SEARCH;
  const { id, search } = await create({ ...rest, objective: objectives[1], replicates: { count: 2, first: 2 } });
  expect(search.replicates).toEqual({ count: 2, first: 2, share: 0.2, confirm: null });
  await run(id, [1], 0);
  await run(id, [3], 0);

  const { data } = await post(
    api.url,
    api.keys.viewer,
    'query($id: ID!) { trials(experimentId: $id) { nodes { point replicate seed pointMean { count mean low high } } } }',
    { id },
  );

  const [first, second] = data.trials.nodes;
  expect([first.point, first.replicate, second.point, second.replicate]).toEqual([0, 0, 0, 1]);
  expect(first.seed).not.toBe(second.seed);
  expect(first.pointMean).toEqual({ count: 2, mean: 2, low: expect.any(Number), high: expect.any(Number) });
  expect(second.pointMean).toEqual(first.pointMean);
});
