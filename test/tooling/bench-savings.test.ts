import { expect, it } from 'vitest';
import { savedAt } from '../../bench/support/multi-fidelity/savings.js';

it('pruners are compared at equal mistakes, settings taking turns', () => {
  const bold = { saved: 0.8, mistakes: 0.04 };
  const careful = { saved: 0.5, mistakes: 0.01 };

  expect(savedAt(0.02, [bold])).toBeCloseTo(0.4, 12);
  expect(savedAt(0.02, [careful, bold])).toBeCloseTo(0.6, 12);
  expect(savedAt(0.04, [careful, bold])).toBe(0.8);
  expect(savedAt(0.02, [careful])).toBe(0.5);
  expect(savedAt(0.02, [])).toBe(0);
});
