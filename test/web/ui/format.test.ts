import { describe, expect, it } from 'vitest';

import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatMetric,
  formatNumber,
  formatParam,
  formatState,
} from '../../../web/src/ui/format.js';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [42, '42'],
    [123456789, '123456789'],
    [0.1 + 0.2, '0.3'],
    [0.0031415926, '0.0031416'],
    [12.5, '12.5'],
    [-1.25, '−1.25'],
    [1.23456e-7, '1.235e-7'],
    [1e-5, '1e-5'],
    [3.5e12, '3.5e12'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('takes the number of digits', () => {
    expect(formatNumber(0.0031415926, 4)).toBe('0.003142');
  });
});

describe('formatMetric', () => {
  it.each([
    [0.98, '0.9800'],
    [1, '1.0000'],
    [123.456789, '123.46'],
    [0.00012, '0.00012'],
    [Number.NaN, 'NaN'],
  ])('%d is %s', (value, text) => {
    expect(formatMetric(value)).toBe(text);
  });
});

describe('formatParam', () => {
  it('shows every type', () => {
    expect(formatParam(undefined)).toBe('–');
    expect(formatParam('adam')).toBe('adam');
    expect(formatParam(true)).toBe('true');
    expect(formatParam([1, 2])).toBe('[1,2]');
  });
});

describe('durations, times and sizes', () => {
  it.each([
    [0.42, '0.4s'],
    [9.97, '10s'],
    [59.6, '1m 00s'],
    [185, '3m 05s'],
    [7800, '2h 10m'],
    [356400, '4d 3h'],
    [Number.NaN, '–'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-01-10T12:00:00Z');

    expect(formatAgo('2026-01-10T11:59:55Z', now)).toBe('just now');
    expect(formatAgo('2026-01-10T11:57:00Z', now)).toBe('3 min ago');
    expect(formatAgo('2026-01-08T12:00:00Z', now)).toBe('2 d ago');
    expect(formatAgo('2025-06-01T12:00:00Z', now)).toBe('2025-06-01');
  });

  it('shows sizes and words', () => {
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(1_440_000)).toBe('1.44 MB');
    expect(formatState('USER_CODE')).toBe('User code');
  });
});
