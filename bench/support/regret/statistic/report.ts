/** What a bench of regret says: by family, each method's regret, and each of ours beside each peer. Pure. */
import type { Family, Problem } from '../problem.js';
import type { Estimate } from './bootstrap.js';
import { type Comparison, compare, meanRanks, meanRegret, regretsAt, type Scales, scalesOf } from './compare.js';
import { median, type Run } from './regret.js';
import { holm } from './wilcoxon.js';

export interface MethodRow {
  readonly method: string;
  /** The fewest that it was run with on any of the problems. */
  readonly seeds: number;
  /** Problems of the group that it was run on; regrets of groups of different problems do not compare. */
  readonly problems: number;
  /** Mean regret after each number of trials. */
  readonly regret: readonly Estimate[];
  /** Mean rank after the last. */
  readonly rank: number;
  /** Median over runs of the processor time of a proposal; NaN when it is not known. */
  readonly msPerTrial: number;
}

/** Of one of ours, but for random search, with a peer. Its `p` is corrected for all pairings of the group. */
export interface Pairing extends Comparison {
  readonly method: string;
  readonly other: string;
}

export interface GroupReport {
  readonly group: string;
  readonly problems: readonly string[];
  readonly saturated: readonly string[];
  readonly methods: readonly MethodRow[];
  /** After the last number of trials. */
  readonly pairings: readonly Pairing[];
  /** Mean regret by problem and method after the last number of trials; null where it was not run. */
  readonly byProblem: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  /** Mean regret after 1, 2, 3 … trials of the methods that were run on all problems. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
}

export interface Sides {
  readonly ours: readonly string[];
  readonly peers: readonly string[];
  readonly runs: readonly Run[];
  /** Random search, which scales. */
  readonly random: readonly Run[];
}

/** Groups of problems that are reported together, and all of them. */
const GROUPS: Readonly<Record<string, readonly Family[]>> = {
  hpobench: ['hpobench'],
  nasbench201: ['nasbench201'],
  'all tables': ['hpobench', 'nasbench201'],
  bbob: ['bbob'],
  synthetic: ['synthetic'],
  everything: ['hpobench', 'nasbench201', 'bbob', 'synthetic'],
};

/** One report per group that was run; of several families only when it has more than one of them has. `at` ascends. */
export function reports(problems: readonly Problem[], sides: Sides, at: readonly number[]): readonly GroupReport[] {
  const present = new Set(problems.map(({ family }) => family));
  const shown = new Set<string>();
  return Object.entries(GROUPS).flatMap(([group, families]) => {
    const own = problems.filter(({ family }) => families.includes(family));
    const ran = families.filter((family) => present.has(family));
    const isShown = ran.length > 1 ? !shown.has(ran.join()) : ran.length === families.length;
    shown.add(ran.join());
    return isShown ? [groupReport(group, own, sides, at)] : [];
  });
}

function groupReport(group: string, problems: readonly Problem[], sides: Sides, at: readonly number[]): GroupReport {
  const names = new Set(problems.map(({ name }) => name));
  const runs = sides.runs.filter((run) => names.has(run.problem));
  const scales = scalesOf(problems, sides.random);
  const methods = [...sides.ours, ...sides.peers].filter((method) => runs.some((run) => run.method === method));
  const last = at.at(-1) ?? 0;
  const regrets = at.map((trials) => regretsAt(trials, scales, runs));
  const final = regretsAt(last, scales, runs);
  const everywhere = methods.filter((method) => final.problems.every((problem) => final.of(method, problem).size > 0));
  const ranks = meanRanks(final, everywhere);
  const present = (list: readonly string[]) => list.filter((method) => methods.includes(method));
  const pairings = present(sides.ours.filter((method) => method !== 'random')).flatMap((method) =>
    present(sides.peers).map((other) => ({ method, other, ...compare(final, method, other) })),
  );
  const ps = holm(pairings.map(({ p }) => p));
  return {
    group,
    problems: final.problems,
    saturated: final.saturated,
    methods: methods.map((method) => {
      const own = runs.filter((run) => run.method === method);
      const counts = final.problems.map((problem) => final.of(method, problem).size).filter((count) => count > 0);
      return {
        method,
        seeds: Math.min(...counts),
        problems: counts.length,
        regret: regrets.map((one) => meanRegret(one, method)),
        rank: ranks.get(method) ?? Number.NaN,
        msPerTrial: median(
          own.filter(({ seconds }) => !Number.isNaN(seconds)).map((run) => (1_000 * run.seconds) / run.best.length),
        ),
      };
    }),
    pairings: pairings.map((pairing, i) => ({ ...pairing, p: ps[i] ?? 1 })),
    byProblem: Object.fromEntries(
      final.problems.map((problem) => [
        problem,
        Object.fromEntries(methods.map((method) => [method, meanOf([...final.of(method, problem).values()])])),
      ]),
    ),
    curves: curvesOf(everywhere, scales, runs, last),
  };
}

function curvesOf(
  methods: readonly string[],
  scales: Scales,
  runs: readonly Run[],
  last: number,
): Readonly<Record<string, readonly number[]>> {
  const curves = new Map<string, number[]>(methods.map((method) => [method, []]));
  for (let trials = 1; trials <= last; trials++) {
    const regrets = regretsAt(trials, scales, runs);
    for (const [method, curve] of curves) {
      const means = regrets.problems.flatMap((problem) => meanOf([...regrets.of(method, problem).values()]) ?? []);
      curve.push(Number((meanOf(means) ?? Number.NaN).toPrecision(4)));
    }
  }
  return Object.fromEntries(curves);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
