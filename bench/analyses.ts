/**
 * What the analyses of a search cost with 10,000 trials of 20 parameters (`--trials`): each asked through its worker, the first
 * time and again once one more trial has ended (medians of `--rounds`), in processor time of both threads, beside the time
 * limit; how long the event loop stood still meanwhile, which other load lengthens; and proposals of tpe through their own worker
 * with and without analyses beside them, in turn.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ExperimentId } from '../src/domain/ids.js';
import type { History, HistoryTrial } from '../src/search/history.js';
import { createRng } from '../src/search/math/rng.js';
import { drawUniform } from '../src/search/samplers/uniform.js';
import { parseSpace } from '../src/search/space/parse-space.js';
import type { AnalysisKind, AnalysisOptions } from '../src/service/analysis/questions.js';
import { openWorkerAnalyst } from '../src/service/analysis/worker-analyst.js';
import { seededGenerator } from '../src/service/search/generator.js';
import { openWorkerProposer } from '../src/service/search/worker-proposer.js';
import { finish, latency, type Result } from './support/result.js';

const { values: flags } = parseArgs({
  options: { trials: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '5' } },
});
const TRIALS = Number(flags.trials);
const ROUNDS = Number(flags.rounds);
const LIMIT_MS = 15_000;
/** In each round, alone and beside. */
const PROPOSALS = 8;
const experimentId = '01890000-0000-7000-8000-000000000001' as ExperimentId;

const QUESTIONS: { readonly [Kind in AnalysisKind]: AnalysisOptions<Kind> } = {
  bestSoFar: { objective: 0 },
  importance: { method: 'PED_ANOVA', objective: null, pairs: 0 },
  slice: { parameters: ['x0'], objective: 0 },
  contour: { parameters: ['x0', 'x1'], objective: 0 },
  rank: { parameters: ['x0', 'x1'], objective: 0 },
  parallelCoordinates: { first: 10_000 },
  intermediateValues: { first: 200, points: 200 },
  distribution: { objective: 0 },
  timeline: { first: 10_000 },
  regimes: { objective: 0, first: 50 },
  duplicates: { objective: 0, first: 50 },
  failures: { kind: null },
  correlations: {},
  costAndGain: { objective: 0 },
  stoppingAdvice: { patience: 30, ahead: 10 },
  surface: { parameters: ['x0'], objective: 0 },
};
const ASKED: readonly (readonly [string, AnalysisKind, object])[] = [
  ...Object.entries(QUESTIONS).map(([kind, options]) => [kind, kind as AnalysisKind, options] as const),
  ['importance by FANOVA', 'importance', { method: 'FANOVA', objective: null, pairs: 5 }],
  ['surface of two', 'surface', { parameters: ['x0', 'x1'], objective: 0 }],
];

const space = parseSpace(
  Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x${i}`, { kind: 'float', low: 0, high: 1 }])),
);
const rng = createRng('analyses', seededGenerator);

function ended(number: number): HistoryTrial {
  const params = drawUniform(space, rng);
  const value = (Number(params.x0) - 0.3) ** 2 + Number(params.x1) / 10;
  const steps = Float64Array.from({ length: 20 }, (_, i) => i);
  return {
    ...{ number, params, by: 'tpe', askedAt: 2 * number + 1, endedAt: 2 * number + 2, seconds: 60, steps },
    ...{ reports: steps.map((step) => value + 1 / (1 + step)), reportedAt: steps.map(() => 2 * number + 1) },
    ...(number % 20 === 7 ? { state: 'FAILED', cause: 'OOM' } : { state: 'COMPLETED', values: [value] }),
  } as HistoryTrial;
}

let history: History = {
  ...{ seed: 'bench', space, directions: ['minimize'], budget: 2 * TRIALS },
  trials: Array.from({ length: TRIALS }, (_, i) => ended(i)),
};
const oneMore = () => {
  history = { ...history, trials: [...history.trials, ended(history.trials.length)] };
};

const analyst = openWorkerAnalyst({ limitMs: LIMIT_MS });
const proposer = openWorkerProposer({ limitMs: LIMIT_MS });

/** Milliseconds of processor time, here and in the worker. */
async function askMs(kind: AnalysisKind, options: object): Promise<number> {
  const before = process.cpuUsage();
  await analyst.answer({ kind, options: options as never, history, experimentId });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function proposeMs(): Promise<number> {
  const begunMs = performance.now();
  await proposer.propose({ sampler: { kind: 'tpe', options: {} }, history, count: 1, experimentId });
  const taken = performance.now() - begunMs;
  oneMore();
  return taken;
}

const results: Result[] = [];
const size = `${TRIALS.toLocaleString('en')} trials`;
const limit = 'the time limit';
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
results.push(
  latency(`analyses, ${size}, the first question of all`, await askMs('regimes', QUESTIONS.regimes), limit, LIMIT_MS),
);
for (const [name, kind, options] of ASKED) {
  const first = await askMs(kind, options);
  const again: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    oneMore();
    again.push(await askMs(kind, options));
  }
  results.push(latency(`analyses, ${size}, ${name}, first`, first, limit, LIMIT_MS));
  results.push(latency(`analyses, ${size}, ${name}, after one more`, again, limit, LIMIT_MS));
}
delay.disable();
results.push(latency(`analyses, ${size}, event loop at its slowest`, delay.max / 1e6, 'the goal', 10));

// Alone and beside the dearest question, in turn.
for (let i = 0; i < 10; i++) await proposeMs();
const [alone, beside]: [number[], number[]] = [[], []];
for (let i = 0; i < ROUNDS; i++) {
  for (let k = 0; k < PROPOSALS; k++) alone.push(await proposeMs());
  const busy = askMs('importance', { method: 'FANOVA', objective: null, pairs: 5 });
  await pause(50); // the question is on its way
  for (let k = 0; k < PROPOSALS; k++) beside.push(await proposeMs());
  await busy;
}
results.push(latency(`analyses, ${size}, a proposal of tpe beside fANOVA, p50`, beside, 'the same alone', alone));

await Promise.all([analyst.close(), proposer.close()]);
finish(results);
