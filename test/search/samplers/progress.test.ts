import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../src/search/columns/table.js';
import type { Direction, HistoryTrial } from '../../../src/search/history.js';
import { endedSinceNews, goodShares, methodDue } from '../../../src/search/samplers/progress.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { historyOf, trial } from '../support.js';

const line = parseSpace({ x: { kind: 'int', low: 0, high: 9_999 } });
const ONE: readonly Direction[] = ['minimize'];

function tableAfter(ends: readonly Partial<HistoryTrial>[], directions: readonly Direction[] = ONE) {
  const trials = ends.map((end, i) => trial(i, { x: i }, { endedAt: 2 * i + 2, ...end }));
  return tableOf(historyOf(line, trials, { directions }));
}

const by = (kind: string, ...values: readonly number[]) => values.map((value) => ({ by: kind, values: [value] }));

describe('trials since there was news', () => {
  it('are those that ended after the last new best, in order of ending', () => {
    expect(endedSinceNews(tableAfter([]), ONE)).toBe(0);
    expect(endedSinceNews(tableAfter(by('gp', 3, 1, 2, 1, 5)), ONE)).toBe(3);
    expect(endedSinceNews(tableAfter(by('gp', 3, 1, 2, 1, 5)), ['maximize'])).toBe(0);
    const late = [{ values: [0], endedAt: 99 }, ...by('gp', 3, 2)];
    expect(endedSinceNews(tableAfter(late), ONE)).toBe(0);
  });

  it('count what failed, was pruned or broke a constraint, which is never news', () => {
    const ends = [
      { values: [3] },
      { state: 'FAILED', cause: 'OOM' } as const,
      { state: 'PRUNED' } as const,
      { values: [0], constraints: [1] },
      { state: 'RUNNING', endedAt: Infinity } as const,
    ];

    expect(endedSinceNews(tableAfter(ends), ONE)).toBe(3);
    expect(endedSinceNews(tableAfter(ends.slice(1)), ONE)).toBe(3);
  });

  it('of several objectives begin when a trial joins the front', () => {
    const two: readonly Direction[] = ['minimize', 'maximize'];
    const ends = [
      [1, 1],
      [2, 2],
      [2, 1],
      [2, 2],
    ].map((values) => ({ values }));

    expect(endedSinceNews(tableAfter(ends, two), two)).toBe(2);
  });
});

describe('which method is due', () => {
  it('is one that was never asked, or less than its share, the first first', () => {
    const kinds = ['gp', 'tpe', 'cma'] as const;
    expect(methodDue(tableAfter(by('gp', 3, 2, 1)), ONE, kinds)).toBe('tpe');
    expect(methodDue(tableAfter([...by('gp', 3, 2), ...by('tpe', 1)]), ONE, kinds)).toBe('cma');

    const rare = [...by('cma', 1), ...by('tpe', 2), ...by('gp', ...Array.from({ length: 40 }, () => 3))];
    expect(methodDue(tableAfter(rare), ONE, kinds)).toBe('tpe');
  });

  it('is what finds good trials, and when it no longer does what was asked least', () => {
    const falling = (from: number) => Array.from({ length: 30 }, (_, i) => from - i / 100);
    const rising = (from: number) => Array.from({ length: 30 }, (_, i) => from + i / 100);
    const ends = [...by('gp', ...falling(1)), ...by('tpe', ...rising(5))];

    expect(goodShares(tableAfter(ends), ONE, ['gp', 'tpe', 'cma'])).toEqual([1, 0, 0]);
    expect(methodDue(tableAfter(ends), ONE, ['gp', 'tpe'])).toBe('gp');
    // The bonuses are sqrt(0.5 ln 35 / n): 0.24 of 30 trials and 0.60 of 5.
    const few = by('tpe', ...rising(5).slice(0, 5));
    expect(methodDue(tableAfter([...by('gp', ...falling(1)), ...few]), ONE, ['gp', 'tpe'])).toBe('gp');
    expect(methodDue(tableAfter([...by('gp', ...rising(1)), ...few]), ONE, ['gp', 'tpe'])).toBe('tpe');
  });

  it('counts the proposals in flight, so that a batch is shared', () => {
    const ends = [...by('gp', 1, 2, 3, 4, 5, 6, 7, 8), ...by('tpe', 9, 9, 9)];
    const running = { by: 'tpe', state: 'RUNNING', endedAt: Infinity } as const;

    expect(methodDue(tableAfter(ends), ONE, ['gp', 'tpe'])).toBe('tpe');
    expect(methodDue(tableAfter([...ends, ...Array.from({ length: 6 }, () => running)]), ONE, ['gp', 'tpe'])).toBe(
      'gp',
    );
  });

  it('looks back at fifty trials of each', () => {
    const old = Array.from({ length: 60 }, (_, i) => 100 - i);
    const late = Array.from({ length: 40 }, () => 500);

    expect(goodShares(tableAfter(by('gp', ...old, ...late)), ONE, ['gp'])).toEqual([10 / 50]);
  });
});
