import { expect, it } from 'vitest';
import { turbo } from '../../../../src/search/samplers/gp/turbo.js';

it('shows people the paper that the method is from', () => {
  expect(turbo.source).toContain('arXiv:1910.01739');
});
