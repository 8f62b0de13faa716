import { describe, expect, it } from 'vitest';
import type { Family, Problem } from '../../bench/support/regret/problem.js';
import type { Run } from '../../bench/support/regret/statistic/regret.js';
import { reports } from '../../bench/support/regret/statistic/report.js';
import { reportPlot } from '../../bench/support/regret/statistic/report-plot.js';
import { reportText } from '../../bench/support/regret/statistic/report-text.js';
import { parseSpace } from '../../src/search/space/parse-space.js';

const space = parseSpace({ x: { kind: 'float', low: 0, high: 1 } });

function problemOf(family: Family, name: string): Problem {
  const instance = () => ({ space, optimum: 0, evaluate: () => ({ value: 0 }) });
  return { name, family, direction: 'minimize', scale: 'linear', instance };
}

const problems = [problemOf('hpobench', 'h1'), problemOf('hpobench', 'h2'), problemOf('nasbench201', 'n1')];

function runsOf(method: string, best: readonly number[], names = problems.map(({ name }) => name)): Run[] {
  return names.flatMap((problem) => [0, 1].map((seed) => ({ method, problem, seed, best, seconds: 0.4 })));
}

const random = runsOf('random', [4, 2, 1, 1]);
const sides = {
  ours: ['random', 'tpe'],
  peers: ['peer', 'absent'],
  runs: [...random, ...runsOf('tpe', [2, 1, 0.5, 0.25]), ...runsOf('peer', [4, 2, 1, 0.5], ['h1', 'n1'])],
  random,
};
const groups = reports(problems, sides, [2, 4]);

describe('a report of regret', () => {
  it('is by family, by all tables, and of everything where that is more', () => {
    expect(groups.map(({ group }) => group)).toEqual(['hpobench', 'nasbench201', 'all tables']);
    const more = reports([...problems, problemOf('bbob', 'b1')], sides, [4]);
    expect(more.map(({ group }) => group)).toEqual(['hpobench', 'nasbench201', 'all tables', 'bbob', 'everything']);
    expect(reports(problems.slice(0, 2), sides, [4]).map(({ group }) => group)).toEqual(['hpobench']);
  });

  it('has the regret of each method after each number of trials, and says on what', () => {
    const [, , tables] = groups;

    expect(tables?.methods.map(({ method, regret }) => [method, ...regret.map(({ mean }) => mean)])).toEqual([
      ['random', 2, 1],
      ['tpe', 1, 0.25],
      ['peer', 2, 0.5],
    ]);
    expect(tables?.methods.map(({ problems: count, seeds, msPerTrial }) => [count, seeds, msPerTrial])).toEqual([
      [3, 2, 100],
      [3, 2, 100],
      [2, 2, 100],
    ]);
    expect(tables?.curves.tpe).toEqual([2, 1, 0.5, 0.25]);
    expect(tables?.byProblem.h2).toEqual({ random: 1, tpe: 0.25, peer: null });
  });

  it('ranks those that were run everywhere, and pairs ours with peers', () => {
    const [hpobench] = groups;

    expect(hpobench?.methods.map(({ rank }) => rank)).toEqual([2, 1, Number.NaN]);
    expect(hpobench?.pairings.map(({ method, other, verdict }) => [method, other, verdict])).toEqual([
      ['tpe', 'peer', 'beats'],
    ]);
  });

  it('is written as tables, with the names of peers', () => {
    const text = reportText(groups, { titles: new Map([['peer', 'Peer 7']]), at: [2, 4] });

    expect(text).toContain('### all tables\n\n3 problems.');
    expect(text).toContain('| method | after 2 | after 4 | mean rank | seeds | CPU ms a proposal |');
    expect(text).toContain('| **tpe** | 1.000 [1.00, 1.00] | 0.250 [0.25, 0.25] | 1.00 | 2 | 100 |');
    expect(text).toContain('| Peer 7 (2 of 3 problems) | 2.000 [2.00, 2.00] | 0.500 [0.50, 0.50] |  | 2 |');
    expect(text).toContain('| **tpe** | Peer 7 | -0.250 [-0.25, -0.25] | 100 % [100, 100] | 0.500 | beats |');
  });

  it('is drawn, a panel for each group', () => {
    const svg = reportPlot(groups, new Map([['peer', 'Peer <7>']]));

    // The peer was not run on all of HPOBench.
    expect(svg.match(/<polyline/g)).toHaveLength(2 + 3 + 2);
    expect(svg).toContain('Peer &lt;7>');
    expect(svg).not.toContain('NaN');
  });
});
