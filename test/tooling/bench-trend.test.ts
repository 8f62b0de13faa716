import { describe, expect, it } from 'vitest';
import { trendOf } from '../../bench/support/soak/trend.js';
import { judge } from '../../bench/support/soak/verdict.js';
import { seededRandom } from '../support/seeded-random.js';

const random = seededRandom(3);
const days = Array.from({ length: 120 }, (_, i) => 1 / 3 + i / 180);

describe('the trend of samples', () => {
  it('finds the slope below noise and outliers, within its interval', () => {
    const values = days.map((at, i) => 50 + 12 * at + (random() - 0.5) * 4 + (i % 17 === 0 ? 500 : 0));

    const { slope, low, high } = trendOf(days, values);

    expect(slope).toBeGreaterThan(9);
    expect(slope).toBeLessThan(15);
    expect(low).toBeLessThan(12);
    expect(high).toBeGreaterThan(12);
  });

  it('of noise alone has zero in its interval', () => {
    const { low, high } = trendOf(
      days,
      days.map(() => random()),
    );

    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });
});

describe('the verdict of a soak', () => {
  const judged = (heapOf: (at: number) => number) =>
    judge(
      days,
      days.map((at, i) => (i % 3 === 0 ? { heap: heapOf(at) + random() } : {})),
    ).flatMap(({ name, grows }) => (name === 'heap' ? [[name, grows]] : []));

  it('says that memory grows by more than its allowance a day', () => {
    expect(judged((at) => 40 + 20 * at)).toEqual([['heap', true]]);
  });

  it('fails by name what has too few samples or none', () => {
    const failing = judge(
      [0.5, 0.6],
      [
        { heap: 40, connections: 3 },
        { heap: Number.NaN, connections: 3 },
      ],
    ).flatMap(({ name, grows }) => (grows ? [name] : []));

    expect(failing).toContain('heap');
    expect(failing).toContain('file descriptors');
    expect(failing).not.toContain('connections');
  });

  it('allows for what is flat, or seems to grow a little', () => {
    expect(judged(() => 40)).toEqual([['heap', false]]);
    expect(judged((at) => 40 + 3 * at)).toEqual([['heap', false]]);
  });
});
