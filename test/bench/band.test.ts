/** The band that our samplers must keep on a few problems: whoever makes one worse hears of it here, not from a bench. */
import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../bench/support/regret/problems.js';
import { drive } from '../../bench/support/regret/run/drive.js';
import { beginOurs, parseSpec } from '../../bench/support/regret/run/ours.js';
import { meanRegret, regretsAt, scalesOf } from '../../bench/support/regret/statistic/compare.js';

const NAMES = ['hpobench-car', 'hpobench-segment', 'nasbench201-cifar10', 'bbob-f1-d5', 'synthetic-log-plateaus'];
const TRIALS = 60;
const problems = PROBLEMS.filter(({ name }) => NAMES.includes(name));

async function runsOf(method: string, seeds: number) {
  const spec = parseSpec(method);
  const seedList = Array.from({ length: seeds }, (_, seed) => seed);
  return Promise.all(
    problems.flatMap((problem) =>
      seedList.map((seed) => drive(method, problem, seed, TRIALS, (start) => beginOurs(spec, start))),
    ),
  );
}

describe('mean regret on five problems after 60 trials', () => {
  it.each([['tpe', 0.6]] as const)('of %s is at most %d of random search', async (method, most) => {
    const random = await runsOf('random', 20);
    const scales = scalesOf(problems, random);

    const { mean } = meanRegret(regretsAt(TRIALS, scales, await runsOf(method, 5)), method);

    expect(mean).toBeLessThan(most);
    expect(mean).toBeGreaterThan(0);
  });
});
