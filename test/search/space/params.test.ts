import { describe, expect, it } from 'vitest';
import { completeParams, defaultParams } from '../../../src/search/space/default-params.js';
import { key } from '../../../src/search/space/key.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { isSame } from '../../../src/search/space/replicates.js';
import { isLegal, validateParams } from '../../../src/search/space/validate-params.js';
import { small } from '../support.js';

const conditional = parseSpace({
  optimizer: { kind: 'categorical', choices: ['sgd', 'adam'], default: 'sgd' },
  momentum: { kind: 'float', low: 0, high: 1, default: 0.9, when: { param: 'optimizer', in: ['sgd'] } },
  nesterov: {
    kind: 'boolean',
    default: true,
    when: { all: [{ param: 'momentum', above: 0.5 }, { not: { param: 'optimizer', in: ['adam'] } }] },
  },
  constructor: { kind: 'boolean', default: false, when: { param: 'nesterov', in: [false] } },
});

describe('validateParams', () => {
  it.each([
    [{ optimizer: 'adam' }, []],
    [{ optimizer: 'sgd', momentum: 0.6, nesterov: true }, []],
    [{ optimizer: 'sgd', momentum: 0.5 }, []],
    [{ optimizer: 'sgd', momentum: 0.6, nesterov: false, constructor: true }, []],
    [{}, ['optimizer: is missing']],
    [{ optimizer: 'adam', momentum: 0.5 }, ['momentum: is inactive']],
    [{ optimizer: 'sgd' }, ['momentum: is missing']],
    [{ optimizer: 'sgd', momentum: 2 }, ['momentum: is 2: give a number from 0 to 1', 'nesterov: is missing']],
    [{ optimizer: 'sgd', momentum: Number.NaN }, ['momentum: is null']],
    [{ optimizer: 'SGD' }, ['optimizer: is "SGD": give one of "sgd", "adam"']],
    [{ optimizer: 'adam', more: 1 }, ['more: is not a parameter']],
  ])('judges %j', (params, expected) => {
    const problems = validateParams(conditional, params as never);

    expect(problems.length).toBe(expected.length);
    for (const [i, text] of expected.entries()) {
      expect(`${problems[i]?.path}: ${problems[i]?.message}`).toContain(text);
    }
    expect(isLegal(conditional, params as never)).toBe(expected.length === 0);
  });

  it('names the nearest value to one that misses the grid', () => {
    const space = parseSpace({ x: { kind: 'float', low: 0, high: 1, step: 0.1 } });

    expect(validateParams(space, { x: 0.1 + 0.2 })[0]?.message).toContain('such as 0.3');
  });
});

describe('key', () => {
  it('is the same for the same values in any order, and tells kinds apart', () => {
    expect(key({ b: 1, a: 'x' })).toBe(key({ a: 'x', b: 1 }));
    const different = [
      { a: 1 },
      { a: '1' },
      { a: true },
      { a: 'true' },
      { a: null },
      { a: 'null' },
      { a: 'b=1;' },
      {},
      { a: 'a', b: 1 },
      { a: '";b=1;' },
    ];
    expect(new Set(different.map((params) => key(params))).size).toBe(different.length);
    expect(isSame({ a: 1 }, { a: '1' })).toBe(false);
  });
});

describe('defaults', () => {
  it('make the default configuration, of active parameters only', () => {
    expect(defaultParams(conditional)).toEqual({ optimizer: 'sgd', momentum: 0.9, nesterov: true });
    expect(defaultParams(small)).toBeNull();
  });

  it('complete params of an older revision, or refuse them', () => {
    expect(completeParams(conditional, { optimizer: 'sgd', momentum: 0.2 })).toEqual({
      optimizer: 'sgd',
      momentum: 0.2,
    });
    expect(completeParams(conditional, { momentum: 0.7 })).toEqual({ optimizer: 'sgd', momentum: 0.7, nesterov: true });
    expect(completeParams(conditional, { optimizer: 'lion' })).toBeNull();
    expect(completeParams(small, { branch: 'a' })).toBeNull();
  });
});
