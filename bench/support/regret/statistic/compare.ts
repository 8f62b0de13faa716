/** Methods beside each other over some problems: regret, differences, wins and ranks. Pure. */
import { createRng } from '../../../../src/search/math/rng.js';
import { seededGenerator } from '../../../../src/service/search/generator.js';
import type { Problem } from '../problem.js';
import { bootstrap, type Estimate } from './bootstrap.js';
import { ranksOf } from './ranks.js';
import { type RegretAt, type Run, regretOn } from './regret.js';
import { wilcoxon } from './wilcoxon.js';

/** `beats` and `behind`: the interval of the difference is on one side of 0; `matches`: it ends below +0.02. */
export type Verdict = 'beats' | 'matches' | 'behind' | 'open';

export interface Comparison {
  /** Mean regrets of the two on the problems and seeds of both. */
  readonly regrets: readonly [own: number, rival: number];
  /** Regret of the method minus that of the other on the same problems and seeds. */
  readonly difference: Estimate;
  /** Share of problems and seeds where it has less regret; ties count half. */
  readonly wins: Estimate;
  /** Of no difference, by the problems' mean differences; not corrected for other comparisons. */
  readonly p: number;
  readonly verdict: Verdict;
}

/** A regret by method, problem and seed. */
export interface Regrets {
  readonly problems: readonly string[];
  /** Problems that random search solves, left out. */
  readonly saturated: readonly string[];
  /** Regrets of a method on a problem, by seed. */
  readonly of: (method: string, problem: string) => ReadonlyMap<number, number>;
}

/** How regret is counted on each problem by name; null where it is not. */
export type Scales = ReadonlyMap<string, RegretAt | null>;

/** `random` are runs of random search, whose seeds may be others than those of the methods. */
export function scalesOf(problems: readonly Problem[], random: readonly Run[]): Scales {
  return new Map(
    problems.map((problem) => [
      problem.name,
      regretOn(
        problem,
        random.filter((run) => run.problem === problem.name),
      ),
    ]),
  );
}

/** Regrets of the runs after so many trials. */
export function regretsAt(trials: number, scales: Scales, runs: readonly Run[]): Regrets {
  const table = new Map<string, Map<number, number>>();
  for (const run of runs) {
    const regret = scales.get(run.problem)?.(run, trials);
    if (regret === undefined) continue;
    const key = keyOf(run.method, run.problem);
    const seeds = table.get(key) ?? new Map<number, number>();
    table.set(key, seeds.set(run.seed, regret));
  }
  const names = [...scales.keys()];
  return {
    problems: names.filter((name) => scales.get(name) !== null),
    saturated: names.filter((name) => scales.get(name) === null),
    of: (method, problem) => table.get(keyOf(method, problem)) ?? new Map(),
  };
}

/** Mean regret of one method over the problems that it was run on. */
export function meanRegret(regrets: Regrets, method: string): Estimate {
  return bootstrap(
    regrets.problems.map((problem) => [...regrets.of(method, problem).values()]),
    stream('mean'),
  );
}

/** One method beside another, on the problems and seeds that both were run on. */
export function compare(regrets: Regrets, method: string, other: string): Comparison {
  const pairs = regrets.problems.map((problem) => {
    const theirs = regrets.of(other, problem);
    return [...regrets.of(method, problem)].flatMap(([seed, own]) => {
      const rival = theirs.get(seed);
      return rival === undefined ? [] : [[own, rival] as const];
    });
  });
  const difference = bootstrap(
    pairs.map((seeds) => seeds.map(([own, rival]) => own - rival)),
    stream('difference'),
  );
  const wins = bootstrap(
    pairs.map((seeds) => seeds.map(([own, rival]) => (own < rival ? 1 : own > rival ? 0 : 0.5))),
    stream('wins'),
  );
  const means = pairs.filter((seeds) => seeds.length > 0).map((seeds) => [0, 1].map((side) => meanOf(seeds, side)));
  const [own = Number.NaN, rival = Number.NaN] = [0, 1].map((side) => meanOf(means, side));
  const p = wilcoxon(means.map(([a = 0, b = 0]) => a - b));
  return { regrets: [own, rival], difference, wins, p, verdict: verdictOf(difference) };
}

/** Mean over problems of the mean rank among these methods, on the seeds that all have; ties share theirs. NaN if none. */
export function meanRanks(regrets: Regrets, methods: readonly string[]): ReadonlyMap<string, number> {
  const perProblem = regrets.problems.flatMap((problem) => {
    const columns = methods.map((method) => regrets.of(method, problem));
    const seeds = [...(columns[0]?.keys() ?? [])].filter((seed) => columns.every((column) => column.has(seed)));
    if (seeds.length === 0) return [];
    const ranks = seeds.map((seed) => ranksOf(columns.map((column) => column.get(seed) ?? Number.NaN)));
    return [methods.map((_, i) => ranks.reduce((sum, row) => sum + (row[i] ?? 0), 0) / ranks.length)];
  });
  return new Map(
    methods.map((method, i) => [method, perProblem.reduce((sum, row) => sum + (row[i] ?? 0), 0) / perProblem.length]),
  );
}

const MARGIN = 0.02;

function verdictOf({ low, high }: Estimate): Verdict {
  if (high < 0) return 'beats';
  if (high < MARGIN) return 'matches';
  return low > 0 ? 'behind' : 'open';
}

/** Always the same draws, so that a table can be written again from the same runs. */
function stream(purpose: string) {
  return createRng(purpose, seededGenerator);
}

function meanOf(rows: readonly (readonly number[])[], column: number): number {
  return rows.reduce((sum, row) => sum + (row[column] ?? 0), 0) / rows.length;
}

function keyOf(method: string, problem: string): string {
  return `${method} ${problem}`;
}
