import { expect, it } from 'vitest';
import { plot, slope } from '../../bench/support/plot.js';

it('the slope of a cost in proportion is 1, of one that does not grow 0', () => {
  const proportional = slope([
    [1e4, 3],
    [1e5, 30],
    [1e6, 300],
  ]);
  const flat = slope([
    [1e4, 7],
    [1e6, 7],
  ]);

  expect(proportional).toBeCloseTo(1, 12);
  expect(flat).toBeCloseTo(0, 12);
});

it('a plot begins each line at 1, has a tick per decade and lets no name break it', () => {
  const svg = plot([
    {
      title: 'a < b & c',
      x: 'points',
      lines: [
        {
          label: 'chart',
          points: [
            [1e4, 5],
            [1e6, 50],
          ],
        },
      ],
    },
  ]);

  const ticks = [...svg.matchAll(/<tspan[^>]*>(\d+)<\/tspan>/g)].map(([, power]) => power);
  expect(ticks).toEqual(['4', '5', '6']);
  expect(svg).toContain('>a &lt; b &amp; c</text>');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  const [first, last] = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  const one = Number(/y1="([\d.]+)"[^>]*\/><text[^>]*>1×/.exec(svg)?.[1]);
  expect(first?.[1]).toBe(one);
  expect(last?.[1]).toBeLessThan(one);
});

it('a line of a single size is drawn without a slope', () => {
  const svg = plot([{ title: 'one', x: 'points', lines: [{ label: 'chart', points: [[1e4, 5]] }] }]);

  expect(svg).not.toMatch(/NaN|slope/);
});
