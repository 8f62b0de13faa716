/** The SDKs against the real server and a real Postgres: kills, lost replies, reconnects. */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeColumn, encodeColumn } from '../../sdk/typescript/columns.js';
import {
  AskTrialDocument,
  FinishTrialDocument,
  type LogSource,
  ReportLogsDocument,
  SeriesDocument,
  type SeriesXInput,
  UpdateTrialDocument,
} from '../../sdk/typescript/generated/operations.js';
import {
  Client,
  init,
  type LogLine,
  type MetricDelta,
  space,
  type Trial,
  TrialSet,
  type TrialsMessage,
} from '../../sdk/typescript/index.js';
import { cloneTemplate, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { FaultProxy } from './fault-proxy.js';
import { aFolder, runScript, until } from './support.js';

const SPECIAL = [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 0.1 + 0.2];

let database: TestDatabase;
let proxy: FaultProxy;
let server: ReturnType<typeof runScript>;
let client: Client;
let apiKey: string;
let port: number;
const dataFolder = aFolder();
const spoolFolder = aFolder();

beforeAll(async () => {
  database = await cloneTemplate();
  port = await freePort();
  proxy = new FaultProxy(port);
  await proxy.start();
  await startServer();
  apiKey = (JSON.parse(readFileSync(join(dataFolder, 'client.json'), 'utf8')) as { apiKey: string }).apiKey;
  client = new Client({ url: `http://127.0.0.1:${port}`, apiKey });
}, 60_000);

afterAll(async () => {
  await client.close();
  await proxy.stop();
  server.kill('SIGTERM');
  await server.ended;
  await database.drop();
});

test('numbers come back bit for bit, and the trial is completed with its params', async () => {
  const trial = await start('bits', { params: { lr: 0.1 } });

  SPECIAL.forEach((value, step) => {
    trial.log({ loss: value }, { step });
  });
  await trial.finish();

  expect(bitsOf(await storedValues(trial.id, 'loss'))).toEqual(bitsOf(SPECIAL));
  expect((await (await client.trial(trial.id)).load()).state).toBe('COMPLETED');
});

test('a series comes in buckets with their first values, of a window in time', async () => {
  const trial = await start('buckets');
  for (let step = 0; step < 64; step++) trial.log({ loss: step }, { step });
  await trial.finish();
  const ask = async (window: object) =>
    (await client.request(SeriesDocument, { trialIds: [trial.id], keys: ['loss'], maxPoints: 8, ...window })).series
      .series;

  const [whole] = await ask({});
  const end = Number(decodeColumn(whole?.times ?? '').at(-1));

  expect([...decodeColumn(whole?.first ?? '')]).toEqual([0, 8, 16, 24, 32, 40, 48, 56]);
  expect((await ask({ fromTime: 0, toTime: end })).map(({ count }) => count)).toEqual([64]);
  expect(await ask({ fromTime: end + 1 })).toEqual([]);
  await expect(ask({ fromTime: 2, toTime: 1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('rows of a chart are placed by time or by another metric', async () => {
  const trial = await start('axes');
  for (let step = 0; step < 64; step++) trial.log({ loss: 1 / (1 + step), tokens: step * 1_000 }, { step });
  await trial.finish();
  const ask = async (x: SeriesXInput) => {
    const input = { trialIds: [trial.id], keys: ['loss'], maxPoints: 8, x };
    const [series] = (await client.request(SeriesDocument, input)).series.series;
    return { ...series, x: [...decodeColumn(series?.x ?? '')], times: [...decodeColumn(series?.times ?? '')] };
  };

  const byTokens = await ask({ axis: 'METRIC', key: 'tokens' });
  expect(byTokens.x).toEqual([7, 15, 23, 31, 39, 47, 55, 63].map((step) => step * 1_000));
  const byTime = await ask({ axis: 'TIME' });
  expect(byTime.x).toEqual(byTime.times);
  const { x, origin, times } = await ask({ axis: 'RELATIVE_TIME' });
  expect(x).toEqual(times.map((time) => time - Number(origin)));
  expect((await ask({ axis: 'STEP' })).x).toEqual([]);
  await expect(ask({ axis: 'METRIC' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('a whole console is searched, page after page', async () => {
  const trial = await start('searched');
  const lines = Array.from({ length: 2_500 }, (_, i) => (i % 2 === 0 ? `Loss ${i}` : 'quiet'));
  await client.request(ReportLogsDocument, {
    input: {
      ...{ trialId: trial.id, attempt: 1, stream: 'console', seq: 0, lines },
      sources: lines.map((): LogSource => 'STDERR'),
      times: encodeColumn(Float64Array.from(lines, (_, i) => i + 0.5)),
    },
  });
  await trial.finish();

  const handle = await client.trial(trial.id);
  const found: LogLine[] = [];
  const progress: number[] = [];
  for await (const line of handle.searchLog('loss', { onProgress: (searched) => progress.push(searched) }))
    found.push(line);

  expect(found).toEqual(
    lines.flatMap((text, seq) => (text === 'quiet' ? [] : [{ seq, text, source: 'STDERR', time: seq + 0.5 }])),
  );
  expect(progress.length).toBeGreaterThan(1);
  expect(progress.at(-1)).toBe(lines.length);
});

test('kills of the server and lost replies neither lose nor double a point', async () => {
  const trial = await start('kills', { url: proxy.url });
  const total = 3000;
  proxy.lossRate = 0.3;
  let step = 0;
  for (const end of [1000, 2000, total]) {
    for (; step < end; step++) {
      trial.log({ loss: step }, { step });
      if (step % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (end === total) break;
    server.kill('SIGKILL');
    await server.ended;
    await startServer();
  }
  await trial.finish();
  const { lost } = proxy;
  proxy.lossRate = 0;

  expect(lost).toBeGreaterThan(0);
  expect(await storedValues(trial.id, 'loss')).toEqual(Array.from({ length: total }, (_, at) => at));
}, 90_000);

test('watching while the connection is cut shows every point once', async () => {
  const watcher = new Client({ url: proxy.url, apiKey });
  const trial = await start('watched');
  const experiment = await watcher.experiment('sdk/watched');
  const seen: number[] = [];
  const total = 400;
  const watching = (async () => {
    for await (const { series } of experiment.watch({ keys: ['loss'] })) {
      for (const { values } of series) seen.push(...values);
      if (seen.length >= total) return;
    }
  })();

  for (let step = 0; step < total; step++) {
    trial.log({ loss: step }, { step });
    if (step % 100 === 99) {
      await until(() => seen.length > step - 100);
      proxy.cutAll();
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await trial.finish();
  await watching;
  await watcher.close();

  expect(seen).toEqual(Array.from({ length: total }, (_, at) => at));
}, 60_000);

test('groups of trials come as columns', async () => {
  for (const loss of [1, 2, 6]) {
    const trial = await start('grouped');
    for (let step = 0; step < 3; step++) trial.log({ loss: loss * step }, { step });
    await trial.finish();
  }
  const experiment = await client.experiment('sdk/grouped');

  const { trials, groups } = await experiment.groups({ keys: ['loss'], where: 'number > 0', quantiles: [0, 0.5] });

  const [columns] = groups[0]?.series ?? [];
  expect([trials, groups.length, groups[0]?.trialCount, columns?.width]).toEqual([2, 1, 2, 1]);
  expect([columns?.steps, columns?.mean, columns?.quantiles[0]].map((column) => [...(column ?? [])])).toEqual([
    [0, 1, 2],
    [0, 4, 8],
    [0, 2, 4],
  ]);
});

test('every point is read page by page, and watching goes on behind the last page', async () => {
  const trial = await start('paged');
  const experiment = await client.experiment('sdk/paged');
  SPECIAL.forEach((value, step) => void trial.log({ loss: value, other: step }, { step }));
  for (let step = SPECIAL.length; step < 2_000; step++) trial.log({ loss: step, other: step }, { step });
  await trial.finish();

  const pages = await all(experiment.points({ keys: ['loss'], pagePoints: 500 }));
  const cursor = pages.at(-1)?.cursor ?? null;
  const later = await start('paged');
  later.log({ loss: -7 });
  await later.finish();
  const { value: delta } = await experiment.watch({ after: cursor }).next();
  const ofTrial = await all((await client.trial(trial.id)).points({ keys: ['other'], after: pages[0]?.cursor }));

  const values = pages.flatMap(({ series }) => series.flatMap((one) => [...one.values]));
  expect(bitsOf(values)).toEqual(bitsOf([...SPECIAL, ...Array.from({ length: 1_992 }, (_, i) => i + 8)]));
  expect(pages.length).toBeGreaterThan(1);
  expect((delta as MetricDelta).series.map(({ trialId, values: [first] }) => [trialId, first])).toEqual([
    [later.id, -7],
  ]);
  expect(ofTrial.flatMap(({ series }) => series.map(({ key }) => key))).toContain('other');
}, 30_000);

test('a download that is cut short fails, and a refusal is the exception of its code', async () => {
  const trial = await start('downloaded');
  for (let step = 0; step < 300_000; step++) {
    trial.log({ loss: Math.sin(step) }, { step });
    if (step % 10_000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await trial.finish();
  const distant = new Client({ url: proxy.url, apiKey });
  const experiment = await distant.experiment('sdk/downloaded');

  const whole = await new Response(await experiment.export('metrics', { keys: ['loss'] })).text();
  const reader = (await experiment.export('metrics')).getReader();
  await reader.read();
  proxy.cutAll();
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();

  expect(whole.split('\r\n')).toHaveLength(300_002);
  await expect(rest).rejects.toThrow();
  await expect(experiment.export('trials', { where: 'state =' })).rejects.toMatchObject({ code: 'FILTER_INVALID' });
  await distant.close();
}, 60_000);

test('the trials that match a filter are known through cuts and a restart of the server', async () => {
  const watcher = new Client({ url: proxy.url, apiKey });
  const trials = await Promise.all(Array.from({ length: 5 }, () => start('live-query', { url: proxy.url })));
  const experiment = await watcher.experiment('sdk/live-query');
  const found = new TrialSet<TrialsMessage['entered'][number]>();
  const isFound = (trial: Trial) => found.trials.has(trial.id);
  let resets = 0;
  const abort = new AbortController();
  const watching = (async () => {
    const where = 'metrics.loss < 0.2 OR tags HAS "keep"';
    for await (const message of experiment.watchTrials({ where, signal: abort.signal })) {
      found.apply(message);
      if (message.reset) resets += 1;
    }
  })();
  const [low, falling, rising, tagged, high] = trials as [Trial, Trial, Trial, Trial, Trial];

  for (const trial of [low, rising]) trial.log({ loss: 0.1 }, { step: 0 });
  for (const trial of [falling, tagged, high]) trial.log({ loss: 0.9 }, { step: 0 });
  await until(() => isFound(low) && isFound(rising) && found.trials.size === 2);
  expect(found.trials.get(low.id)?.summary).toMatchObject([{ key: 'loss', last: 0.1 }]);
  proxy.cutAll();
  falling.log({ loss: 0.15 }, { step: 1 });
  await until(() => isFound(falling));
  server.kill('SIGKILL');
  await server.ended;
  await startServer();
  rising.log({ loss: 0.5 }, { step: 1 });
  await client.request(UpdateTrialDocument, { input: { id: tagged.id, tags: ['keep'] } });
  await until(() => isFound(tagged) && !isFound(rising));
  const atTheEnd = [...found.trials.keys()];
  abort.abort();
  await watching;
  await Promise.all(trials.map((trial) => trial.finish()));
  await watcher.close();

  expect(atTheEnd.sort()).toEqual([low.id, falling.id, tagged.id].sort());
  expect(resets).toBe(1);
}, 60_000);

test('an artifact is committed', async () => {
  const path = join(aFolder(), 'model.json');
  writeFileSync(path, JSON.stringify({ weights: [1, 2, 3] }));
  const trial = await start('artifacts');

  const artifact = await trial.logArtifact(path, { name: 'weights', kind: 'model' });
  await trial.finish();

  expect(artifact).toMatchObject({ state: 'COMMITTED', name: 'weights', kind: 'model', fileName: 'model.json' });
});

test('ask and tell run a search to the end of its budget', async () => {
  const experiment = await client.createExperiment({
    project: 'sdk',
    name: 'search',
    objective: { metric: 'distance', goal: 'minimize' },
    space: { x: space.float(-1, 1) },
    sampler: 'random',
    budget: { maxTrials: 3 },
  });

  for await (const proposed of experiment.ask()) await proposed.tell(Math.abs(Number(proposed.params.x)));

  expect(await experiment.load()).toMatchObject({ state: 'COMPLETED', counts: { completed: 3 } });
});

test('a search of two objectives ends with its front, and replicates know their seeds', async () => {
  const experiment = await client.createExperiment({
    project: 'sdk',
    name: 'two-objectives',
    objectives: [
      { metric: 'near', goal: 'minimize' },
      { metric: 'far', goal: 'maximize' },
    ],
    metricConstraints: [{ metric: 'x', atLeast: -0.5 }],
    space: { x: space.ordinal([-1, 0.25, 0.5, 0.75]) },
    sampler: 'random',
    budget: { maxTrials: 4 },
  });
  for await (const proposed of experiment.ask()) {
    const x = Number(proposed.params.x);
    proposed.log({ x });
    await proposed.tell([Math.abs(x - 0.5), x]);
  }
  const repeated = await client.createExperiment({
    project: 'sdk',
    name: 'repeated',
    objective: { metric: 'near', goal: 'minimize' },
    space: { x: space.float(0, 1) },
    sampler: 'random',
    budget: { maxTrials: 4 },
    replicates: { count: 2, first: 2 },
  });
  const seeds: (number | null)[] = [];
  for await (const proposed of repeated.ask()) {
    seeds.push(proposed.seed);
    await proposed.tell(1);
  }

  const front = await experiment.paretoFront({ reference: [1, 0] });
  expect([...(front?.values[1] ?? [])].sort()).toEqual([0.5, 0.75]);
  expect(front?.hypervolume?.volumes.at(-1)).toBeCloseTo(0.5 + 0.25 * 0.75, 12);
  expect((await experiment.bestTrials()).map(({ number }) => number)).toEqual([...(front?.numbers ?? [])]);
  expect(await repeated.paretoFront()).toBeNull();
  expect(seeds[0]).toEqual(expect.any(Number));
  expect([seeds[2], seeds[3]]).toEqual([seeds[0], seeds[1]]);
});

test('what the trials of a search say is computed by the server', async () => {
  const experiment = await client.createExperiment({
    project: 'sdk',
    name: 'analysed',
    objective: { metric: 'distance', goal: 'minimize' },
    space: { x: space.float(-1, 1), idle: space.float(0, 1) },
    sampler: 'random',
    budget: { maxTrials: 24 },
  });
  const values: number[] = [];
  const empty = await experiment.importance();

  for (let i = 0; i < 24; i++) {
    const { askTrial } = await client.request(AskTrialDocument, { input: { experimentId: experiment.id } });
    const { id: trialId, params } = askTrial.started!.trial;
    const value = Math.abs(Number(params.x));
    values.push(value);
    await client.request(FinishTrialDocument, { input: { trialId, attempt: 1, state: 'COMPLETED', value } });
  }
  const best = await experiment.bestSoFar();
  const importance = await experiment.importance({ method: 'FANOVA', pairs: 2 });
  const advice = await experiment.stoppingAdvice({ patience: 1_000 });

  expect(empty).toEqual({ basis: { trials: 0, sequence: 0, problem: 'NO_TRIALS' }, parameters: [], interactions: [] });
  expect([...(best?.values ?? [])]).toEqual(values.map((_, i) => Math.min(...values.slice(0, i + 1))));
  expect(best?.holders.at(-1)).toBe(values.indexOf(Math.min(...values)));
  expect(importance?.basis).toMatchObject({ trials: 24, problem: null });
  expect(importance?.parameters.map(({ name }) => name)).toEqual(['x', 'idle']);
  expect(importance?.interactions[0]?.names).toEqual(['x', 'idle']);
  expect(advice?.rules[0]).toMatchObject({ kind: 'STAGNATION', threshold: 1_000, shouldStop: false });
  expect(advice?.remaining).toEqual({ trials: 0, gain: 0 });
});

test('a search goes on with more budget, another space, and what an earlier one learnt', async () => {
  const experiment = await client.createExperiment({
    project: 'sdk',
    name: 'warm-search',
    objective: { metric: 'distance', goal: 'minimize' },
    space: { x: space.float(-1, 1) },
    sampler: 'random',
    budget: { maxTrials: 1 },
    failureLimit: 0,
    warmStart: ['sdk/search'],
  });
  for await (const proposed of experiment.ask()) await proposed.tell(1);

  const revision = await experiment.revise({ space: { x: space.float(5, 6) }, budget: { maxTrials: 3 }, resume: true });
  const later: number[] = [];
  for await (const proposed of experiment.ask()) {
    later.push(Number(proposed.params.x));
    await proposed.tell(1);
  }

  expect(revision).toBe(2);
  expect([later.length, later.every((x) => x >= 5)]).toEqual([2, true]);
  expect((await experiment.load()).search).toMatchObject({ failureLimit: 0, warmTrials: 3, revision: 2 });
});

test('a search has a budget of costs, and learns from runs that a script logged', async () => {
  const experiment = await client.createExperiment({
    project: 'sdk',
    name: 'adopting',
    objective: { metric: 'distance', goal: 'minimize' },
    space: { x: space.float(0, 1) },
    sampler: 'random',
    budget: { maxTrials: 5, maxGpuHours: 2, whenSpent: 'stop' },
  });
  for (const [i, params] of [{ x: 0.5 }, { x: 7, machine: 'a' }].entries()) {
    const logged = await start('by-hand', { params });
    logged.log({ distance: i });
    await logged.finish();
  }

  await expect(experiment.adopt({ experiments: ['sdk/by-hand'] })).rejects.toThrow('sdk/by-hand/1');
  const adopted = await experiment.adopt({ experiments: ['sdk/by-hand'], misfits: 'keep', ignoreUnknown: true });
  await experiment.revise({ budget: { maxSlotHours: 3 } });

  expect(adopted).toEqual({ adopted: 2, outside: ['sdk/by-hand/1'] });
  const { search, cost } = await experiment.load();
  expect(search).toMatchObject({
    warmTrials: 2,
    budget: { maxTrials: 5, maxGpuHours: 2, maxSlotHours: 3, whenSpent: 'STOP' },
  });
  expect(cost).toMatchObject({ gpuHours: 0, slotHours: 0, spent: null });
});

test('a person stops a trial: the loop is told within seconds, and it ends as STOPPED', async () => {
  const trial = await start('stopped');
  trial.log({ loss: 1 });

  await (await client.trial(trial.id)).stop('enough of it');
  for (let step = 1; !trial.shouldStop && step < 300; step++) {
    trial.log({ loss: step });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const reason = trial.stopReason;
  await trial.finish();

  expect(reason).toContain('enough of it');
  expect((await (await client.trial(trial.id)).load()).state).toBe('STOPPED');
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!hasPython)(
  'Python logs, asks and tells (skipped without python3)',
  async () => {
    const program = `
import math, sys
sys.path.insert(0, "sdk/python")
import trialgraph
with trialgraph.init(project="sdk", experiment="python", params={"lr": 0.1}) as trial:
    for step, value in enumerate([0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1 + 0.2]):
        trial.log({"loss": value}, step=step)
    print(trial.id)
pages = trialgraph.Client().experiment("sdk/python").points(keys=["loss"], page_points=1)
series = [one for page in pages for one in page["series"]]
print([step for one in series for step in one["steps"]], [value.hex() for one in series for value in one["values"]][-1])
experiment = trialgraph.Client().create_experiment(
    "python-search", project="sdk", objective={"metric": "distance", "goal": "minimize"},
    space={"x": trialgraph.space.float(-1, 1)}, sampler="random", budget={"max_trials": 2})
while trial := experiment.ask():
    with trial:
        trial.tell(abs(trial.params["x"]))
print(experiment.best_trial()["number"])
print(experiment.best_so_far()["values"][-1] == experiment.best_trial()["value"], experiment.importance("fanova"))
budget = {"max_trials": 9, "max_slot_hours": 2, "when_spent": "stop"}
print(experiment.revise(space={"x": trialgraph.space.float(5, 6)}, budget=budget, resume=True))
with experiment.ask() as trial:
    print(trial.params["x"] >= 5)
    trial.tell(1.0)
experiment.enqueue({"x": 5.5}, tags=["mine"])
with experiment.ask() as trial:
    print(trial.params["x"])
    trial.tell(1.0)
with trialgraph.init(project="sdk", experiment="python-by-hand", params={"x": 5.25, "machine": "a"}) as trial:
    trial.log({"distance": 0.5})
print(experiment.adopt(experiments=["sdk/python-by-hand"], ignore_unknown=True))
two = trialgraph.Client().create_experiment(
    "python-two", project="sdk", objectives=[{"metric": "a", "goal": "minimize"}, {"metric": "b", "goal": "maximize"}],
    metric_constraints=[{"metric": "a", "at_most": 5, "take": "worst"}],
    space={"x": trialgraph.space.float(-1, 1)}, sampler="random", budget={"max_trials": 2})
while trial := two.ask():
    with trial:
        trial.log({"a": trial.number})
        trial.tell([math.nan if trial.seed else 1.0, trial.number])
print(two.pareto_front()["numbers"], [one["number"] for one in two.best_trials()], two.pareto_front()["values"])
`;
    const environment = {
      ...process.env,
      TRIALGRAPH_URL: client.url,
      TRIALGRAPH_API_KEY: apiKey,
      TRIALGRAPH_SPOOL_DIR: spoolFolder,
    };

    const { stdout, stderr } = spawnSync('python3', ['-c', program], { env: environment, encoding: 'utf8' });
    const [id = '', points, best, analysed, ...revised] = stdout.trim().split('\n');

    expect(stderr).toBe('');
    expect(bitsOf(await storedValues(id, 'loss'))).toEqual(bitsOf(SPECIAL));
    expect(points).toBe('[0, 1, 2, 3, 4, 5, 6, 7] 0x1.3333333333334p-2');
    expect(['0', '1']).toContain(best);
    expect(analysed).toBe('True {}'); // two trials are too few for importance
    expect(revised).toEqual(['2', 'True', '5.5', "{'adopted': 1, 'outside': []}", '[1] [1] [[1.0], [1.0]]']);
  },
  30_000,
);

function start(experiment: string, options: Parameters<typeof init>[0] = {}) {
  return init({ url: client.url, apiKey, project: 'sdk', experiment, spoolFolder, quiet: true, ...options });
}

async function startServer(): Promise<void> {
  server = runScript('test/sdk/fixtures/server.ts', {
    DATABASE_URL: database.url,
    TRIALGRAPH_DATA_DIR: dataFolder,
    TRIALGRAPH_PORT: String(port),
    TRIALGRAPH_ALLOWED_HOSTS: new URL(proxy.url).host,
  });
  await new Promise((resolve) => server.stdout?.once('data', resolve));
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function storedValues(trialId: string, key: string): Promise<number[]> {
  const { series } = await client.request(SeriesDocument, { trialIds: [trialId], keys: [key], maxPoints: 100_000 });
  return series.series.flatMap(({ values }) => [...decodeColumn(values)]);
}

function bitsOf(values: readonly number[]): string[] {
  return [...new BigUint64Array(Float64Array.from(values).buffer)].map(String);
}
