import { describe, expect, it } from 'vitest';
import { cells } from '../../../src/search/space/cells.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import {
  addParameter,
  extend,
  fitsRevision,
  freeze,
  removeParameter,
  shrink,
  unfreeze,
} from '../../../src/search/space/revise.js';

const space = parseSpace({
  parameters: {
    x: { kind: 'float', low: 0, high: 1, step: 0.1, default: 0.9 },
    n: { kind: 'int', low: 1, high: 8 },
    mode: { kind: 'categorical', choices: ['a', 'b', 'c'] },
    size: { kind: 'ordinal', values: [16, 32, 64], when: { param: 'mode', in: ['b'] } },
  },
  constraints: [{ kind: 'linear', name: 'budget', coefficients: { n: 1, x: 1 }, atMost: 8.5 }],
});

describe('revisions', () => {
  it('shrink to part of what there was, and extend beyond it', () => {
    expect(shrink(space, 'n', { high: 4 }).parameters[1]).toEqual({ ...space.parameters[1], high: 4 });
    expect(extend(space, 'n', { high: 9 }).parameters[1]).toEqual({ ...space.parameters[1], high: 9 });
    expect(extend(space, 'mode', { choices: ['c', 'b', 'a', 'd'] }).parameters[2]).toMatchObject({
      choices: ['c', 'b', 'a', 'd'],
    });
    expect(shrink(space, 'x', { high: 0.5, default: 0.5 }).constraints).toEqual(space.constraints);
    expect(extend(shrink(space, 'n', { high: 4 }), 'n', { high: 8 })).toEqual(space);
  });

  it.each([
    [
      () => shrink(space, 'n', { high: 9 }),
      'n: 9 would be new: give part of a number from 1 to 8 in steps of 1, or extend',
    ],
    [() => shrink(space, 'mode', { choices: ['a', 'd'] }), 'mode: "d" would be new'],
    [() => shrink(space, 'x', { high: 0.5 }), 'x.default: is 0.9: give a number from 0 to 0.5'],
    [() => shrink(space, 'mode', { choices: ['a'] }), 'size.when.in: "b" is not one of "a"'],
    [() => shrink(space, 'n', { choices: [1] }), 'n.choices: unknown key'],
    [
      () => extend(space, 'n', { low: 2, high: 9 }),
      'n: 1 would be lost: keep a number from 1 to 8 in steps of 1, or shrink',
    ],
    [() => extend(space, 'size', { values: [16, 32, 128] }), 'size: 64 would be lost'],
    [() => freeze(space, 'n', 9), 'n.fixed: is 9: give a number from 1 to 8'],
    [() => freeze(space, 'z', 9), 'z: is not a parameter of the space: it has x, n, mode, size'],
    [() => removeParameter(space, 'mode'), 'size.when.param: "mode" is not a parameter'],
    [() => removeParameter(space, 'n'), 'constraints[0].coefficients.n: "n" is not a parameter'],
    [() => addParameter(space, { name: 'y', kind: 'boolean' }), 'y.default: is missing'],
    [() => addParameter(space, { name: 'x', kind: 'boolean', default: true }), 'x: is declared twice'],
  ])('refuse what makes no sense: %s', (revise, expected) => {
    expect(revise).toThrow(expected);
  });

  it('freeze and unfreeze', () => {
    const frozen = freeze(freeze(space, 'mode', 'a'), 'x', 0.3);

    expect(cells(frozen)).toBe(8);
    expect(shrink(frozen, 'x', { low: 0.2 }).parameters[0]).toMatchObject({ low: 0.2, fixed: 0.3 });
    expect(() => shrink(frozen, 'x', { low: 0.4 })).toThrow('x.fixed: is 0.3');
    expect(unfreeze(unfreeze(frozen, 'x'), 'mode')).toEqual(space);
    expect(unfreeze(space, 'n')).toEqual(space);
  });

  it('tell which older trials still fit', () => {
    const revised = addParameter(shrink(space, 'n', { high: 4 }), {
      name: 'warmup',
      kind: 'int',
      low: 0,
      high: 3,
      default: 1,
    });

    expect(fitsRevision(revised, { x: 0.1, n: 4, mode: 'a' })).toBe(true);
    expect(fitsRevision(revised, { x: 0.1, n: 4, mode: 'a', warmup: 3 })).toBe(true);
    expect(fitsRevision(revised, { x: 0.1, n: 5, mode: 'a' })).toBe(false);
    expect(fitsRevision(space, { x: 0.9, n: 8, mode: 'a' })).toBe(false);
    expect(fitsRevision(freeze(space, 'n', 2), { x: 0.1, n: 3, mode: 'a' })).toBe(false);
  });
});
