import { describe, expect, it } from 'vitest';
import type { Goal } from '../../bench/support/goal-list.js';
import { between, goalsTable, type Run } from '../../bench/support/goals-table.js';

const result = { name: 'speed, large', figure: 1_500, unit: 'points/s', rival: 'rows', rivalFigure: 500, ratio: 3 };
const run: Run = {
  bench: 'speed',
  date: '2026-11-25T05:06:07.000Z',
  quick: false,
  machine: { cores: 2, memoryGiB: 24, node: '20.19.0', postgres: '18.4.0', fsync: 'on', load: 0.4 },
  results: [result, { ...result, rival: 'another', rivalFigure: 10, ratio: 150, rivalStopped: true }],
};
const goal: Goal = {
  what: 'fast',
  limit: { atLeast: 1_000 },
  results: ['speed, large', 'speed, small'],
  missed: { why: 'It is slow.', next: 'Be fast.' },
};

describe('the table of goals', () => {
  it('shows a goal that is met beside all its rivals, and no reason', () => {
    const table = goalsTable([goal], [run]);

    expect(table).toContain('| fast | ≥ 1,000 | 1,500 points/s <sub>speed, large</sub> | met |');
    expect(table).toContain('rows (500, 3); another (< 10, > 150)');
    expect(table).toContain('No goal that was run is missed.');
    expect(table).toContain('2026-11-25 05:06, load 0.4');
  });

  it('tells why a goal is missed and what comes next', () => {
    const table = goalsTable([{ ...goal, limit: { atMost: 1_000 } }], [run]);

    expect(table).toContain('| missed |');
    expect(table).toContain('- **fast**: It is slow. Next: Be fast.');
  });

  it('takes the smallest ratio beside one rival, and shows all rivals in a table of their own', () => {
    const beside = (name: string, rival: string, ratio: number) => ({
      ...result,
      name: `rivals, ${name}`,
      rival,
      ratio,
    });
    const results = [
      beside('disk', 'MLflow 3.1', 31),
      beside('ingest', 'MLflow 3.1', 6),
      { ...beside('chart', 'Aim 3', 1.5), rivalStopped: true as const },
      result,
    ];
    const least: Goal = {
      ...goal,
      limit: { atLeast: 10 },
      results: [],
      smallestRatio: { name: 'rivals, ', rival: 'MLflow' },
    };

    const table = goalsTable([least], [{ ...run, results }]);

    expect(table).toContain('| fast | ≥ 10 | 6 times <sub>rivals, ingest</sub> | missed | MLflow 3.1 (500, 6) |');
    expect(table).toContain('| disk | 1,500 points/s | MLflow 3.1 | 500 points/s | 31 |  |');
    expect(table).toContain('| ingest | 1,500 points/s | MLflow 3.1 | 500 points/s | 6 | below 10 |');
    expect(table).toContain('| chart | 1,500 points/s | Aim 3 | < 500 points/s | > 1.5 | below 2 |');
    expect(goalsTable([least], [run])).not.toContain('Beside the rivals');
  });

  it('calls no goal met by a smaller case, nor by nothing', () => {
    const small = { ...run, results: [{ ...result, name: 'speed, small' }] };

    expect(goalsTable([goal], [small])).toContain('| smaller case only |');
    expect(goalsTable([goal], [{ ...run, results: [] }])).toContain('| not run |');
  });
});

describe('the place of the table in a text', () => {
  it('is what stands between two marks', () => {
    expect(between('a <b> old <c> d', ['<b>', '<c>'], 'new')).toBe('a <b>\n\nnew\n\n<c> d');
    expect(() => between('a <c> <b>', ['<b>', '<c>'], 'new')).toThrow('must stand in the text');
  });
});
