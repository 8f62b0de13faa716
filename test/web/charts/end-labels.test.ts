import { describe, expect, it } from 'vitest';

import { spread } from '../../../web/src/charts/end-labels.js';

describe('spread', () => {
  it('leaves places alone that are far enough apart', () => {
    expect(spread([80, 10, 40], 12, 0, 100)).toEqual([80, 10, 40]);
  });

  it('moves near ones apart around their middle, in their order', () => {
    expect(spread([51, 50, 49], 10, 0, 100)).toEqual([60, 50, 40]);
  });

  it('stays within the space', () => {
    expect(spread([0, 1], 10, 0, 100)).toEqual([0, 10]);
    expect(spread([99, 100], 10, 0, 100)).toEqual([90, 100]);
  });
});
