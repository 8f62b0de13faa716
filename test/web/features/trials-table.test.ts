import { describe, expect, it } from 'vitest';

import {
  columnsOf,
  nextSort,
  orderOf,
  type RowContext,
  readSort,
  sortRows,
} from '../../../web/src/features/experiment/columns.js';
import { filterOf } from '../../../web/src/features/experiment/filter.js';
import { isMinimized, metricStats } from '../../../web/src/features/experiment/metric-stats.js';
import { chosenNumbers, toggled } from '../../../web/src/features/experiment/selection.js';
import { trialRow } from '../trial-row.js';

const context: RowContext = { now: 0, statsOf: () => ({ last: Number.NaN, best: Number.NaN }) };
const entry = (given: Parameters<typeof trialRow>[0]) => {
  const { summary, ...trial } = trialRow(given);
  return { trial, summary };
};
const numbersOf = (entries: readonly { trial: { number: number } }[]) => entries.map(({ trial }) => trial.number);

describe('the order of the table', () => {
  const entries = [
    entry({ number: 0, value: 0.5, params: { lr: 0.1 } }),
    entry({ number: 1, value: null, params: {} }),
    entry({ number: 2, value: 'NaN', params: { lr: 0.01 } }),
    entry({ number: 3, value: 0.9, params: { lr: 0.001 } }),
  ];

  it('has missing values and NaN last in both directions', () => {
    expect(numbersOf(sortRows(entries, readSort('desc:value'), context))).toEqual([3, 0, 2, 1]);
    expect(numbersOf(sortRows(entries, readSort('asc:value'), context))).toEqual([0, 3, 2, 1]);
    expect(numbersOf(sortRows(entries, readSort('asc:param.lr'), context))).toEqual([3, 2, 0, 1]);
  });

  it('is by number, newest first, unless the address says otherwise', () => {
    expect(readSort(undefined)).toEqual({ direction: 'desc', column: 'number' });
    expect(readSort('sideways:value')).toEqual({ direction: 'desc', column: 'number' });
  });

  it('starts with the best when a measured column is chosen, and turns at the second click', () => {
    expect(nextSort(readSort(undefined), 'value', false)).toBe('desc:value');
    expect(nextSort(readSort(undefined), 'value', true)).toBe('asc:value');
    expect(nextSort(readSort('desc:value'), 'value', false)).toBe('asc:value');
  });

  it('is asked of the server in its words', () => {
    expect(orderOf(readSort('asc:param.model.lr'), 'loss', true)).toEqual({
      by: 'PARAM',
      key: 'model.lr',
      direction: 'ASC',
    });
    expect(orderOf(readSort('desc:best'), 'acc', false)).toEqual({ by: 'METRIC_MAX', key: 'acc', direction: 'DESC' });
  });

  it('has only columns that exist', () => {
    const labels = columnsOf(entries, { metric: null, isMinimize: false, hasObjective: true }).map(
      ({ label }) => label,
    );

    expect(labels).toEqual(['#', 'State', 'Value', 'lr', 'Duration']);
  });
});

describe('the filter', () => {
  const small = entry({ number: 3, params: { lr: 0.001, optimizer: 'adam' } });
  const large = entry({ number: 30, params: { lr: 0.1, optimizer: 'sgd' }, state: 'FAILED' });
  const passes = (text: string, states?: Parameters<typeof filterOf>[1]) =>
    numbersOf([small, large].filter((row) => filterOf(text, states)(row, context)));

  it('compares parameters', () => {
    expect(passes('lr > 0.01')).toEqual([30]);
    expect(passes('lr<=0.001 and optimizer = adam')).toEqual([3]);
    expect(passes('number != 3')).toEqual([30]);
    expect(passes('missing = 1')).toEqual([]);
  });

  it('looks for words and states', () => {
    expect(passes('')).toEqual([3, 30]);
    expect(passes('SGD')).toEqual([30]);
    expect(passes('#3')).toEqual([3, 30]);
    expect(passes('', ['FAILED'])).toEqual([30]);
  });
});

describe('the choice of trials in the chart', () => {
  const entries = [0.1, 0.9, 0.5, 0.7, 0.3, 0.8, 0.6, 0.2].map((value, number) => entry({ number, value }));
  const running = entry({ number: 8, state: 'RUNNING', endedAt: null });

  it('is those that run and the best few', () => {
    expect(chosenNumbers([...entries, running], undefined, false)).toEqual([1, 2, 3, 4, 5, 6, 8]);
    expect(chosenNumbers([...entries, running], undefined, true)).toEqual([0, 2, 3, 4, 6, 7, 8]);
  });

  it('is what the address says', () => {
    expect(chosenNumbers(entries, '7,2,2,x', false)).toEqual([2, 7]);
    expect(chosenNumbers(entries, 'none', false)).toEqual([]);
    expect(chosenNumbers(entries, 'all', false)).toHaveLength(8);
  });

  it('changes trial by trial', () => {
    expect(toggled([2, 7], 5)).toBe('2,5,7');
    expect(toggled([2, 7], 7)).toBe('2');
    expect(toggled([2], 2)).toBe('none');
  });
});

describe('last and best of a metric', () => {
  const stored = trialRow({ summary: [{ key: 'loss', last: 0.4, lastStep: 10, min: 0.3, max: 2 }] }).summary;

  it('follow the live points', () => {
    expect(metricStats(stored, { last: 0.2, lastStep: 12, min: 0.2, max: 0.5 }, 'loss', true)).toEqual({
      last: 0.2,
      best: 0.2,
    });
  });

  it('stay with the row while the live points are behind it', () => {
    expect(metricStats(stored, { last: 1, lastStep: 4, min: 0.9, max: 2 }, 'loss', true)).toEqual({
      last: 0.4,
      best: 0.3,
    });
  });

  it('are NaN where there is nothing', () => {
    expect(metricStats([], null, 'loss', true)).toEqual({ last: Number.NaN, best: Number.NaN });
  });

  it('mean what the objective or else the name says', () => {
    const search = { objective: { metric: 'score', goal: 'MINIMIZE' } } as Parameters<typeof isMinimized>[1];

    expect(isMinimized('score', search)).toBe(true);
    expect(isMinimized('val/accuracy', search)).toBe(false);
    expect(isMinimized('train/loss', null)).toBe(true);
  });
});
