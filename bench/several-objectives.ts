/**
 * How much of the front of two and three objectives our samplers cover: the share of the volume below it that is missing after
 * `--budget` trials, mean over problems and seeds (`support/several-objectives/`), and the processor time of a run.
 */
import { parseArgs } from 'node:util';
import { hypervolumeByTrial } from '../src/search/analysis/pareto.js';
import { simulate } from '../src/search/simulate.js';
import { seededGenerator } from '../src/service/search/generator.js';
import { parseSpec } from './support/regret/run/ours.js';
import { cost, finish, type Result } from './support/result.js';
import { FRONT_PROBLEMS, FRONT_SPACE, type FrontProblem } from './support/several-objectives/problems.js';

const { values: flags } = parseArgs({
  options: {
    problems: { type: 'string', default: FRONT_PROBLEMS.map(({ name }) => name).join(',') },
    /** Kinds, with options as in `nsga2?population=20`; the last is what the others are held against. */
    samplers: { type: 'string', default: 'gp,tpe,nsga2' },
    seeds: { type: 'string', default: '3' },
    budget: { type: 'string', default: '100' },
  },
});
const budget = Number(flags.budget);
const samplers = flags.samplers.split(',');
const problems = FRONT_PROBLEMS.filter(({ name }) => flags.problems.split(',').includes(name));

/** Shares of the volume that are missing after half of the budget and all of it, and seconds of processor time. */
function run({ objectives, evaluate, reference, volume }: FrontProblem, sampler: string, seed: number) {
  const begun = process.cpuUsage();
  const history = simulate({
    space: FRONT_SPACE,
    directions: Array.from({ length: objectives }, () => 'minimize' as const),
    sampler: parseSpec(sampler),
    objective: (params) => ({ values: evaluate(params) }),
    trials: budget,
    seed: `front ${seed}`,
    makeGenerator: seededGenerator,
  });
  const { user, system } = process.cpuUsage(begun);
  const { volumes } = hypervolumeByTrial(history, reference);
  const missingAt = (trials: number) => 1 - (volumes[trials - 1] ?? 0) / volume;
  return { half: missingAt(budget >> 1), whole: missingAt(budget), seconds: (user + system) / 1e6 };
}

const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x / list.length, 0);
const regrets = new Map<string, number>();
for (const sampler of samplers) {
  const all = problems.flatMap((problem) => {
    const runs = Array.from({ length: Number(flags.seeds) }, (_, seed) => run(problem, sampler, seed));
    const [half, whole, seconds] = (['half', 'whole', 'seconds'] as const).map((part) =>
      mean(runs.map((one) => one[part])),
    );
    console.error(`${sampler}, ${problem.name}: ${half?.toFixed(4)} ${whole?.toFixed(4)}, ${seconds?.toFixed(1)} s`);
    return runs;
  });
  regrets.set(sampler, mean(all.map(({ whole }) => whole)));
}
const rival = samplers.at(-1) ?? '';
const results = samplers
  .slice(0, -1)
  .map(
    (sampler): Result =>
      cost(
        `front, ${budget} trials, ${sampler}`,
        regrets.get(sampler) ?? Number.NaN,
        'missing',
        rival,
        regrets.get(rival) ?? Number.NaN,
      ),
  );
finish(results);
