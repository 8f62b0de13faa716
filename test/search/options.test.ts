import { describe, expect, it } from 'vitest';
import { MethodError } from '../../src/search/method-error.js';
import { parseOptions } from '../../src/search/options.js';
import { createPruner } from '../../src/search/pruners/index.js';
import { createSampler } from '../../src/search/samplers/index.js';

const table = [
  { name: 'count', type: 'int', default: 3, min: 1, max: 9, doc: 'How many.' },
  { name: 'rate', type: 'float', default: 0.5, doc: 'How fast.' },
  { name: 'loud', type: 'boolean', default: false, doc: 'Whether loud.' },
  { name: 'mode', type: 'choice', default: 'a', choices: ['a', 'b'], doc: 'Which way.' },
] as const;

function errorOf(act: () => unknown): MethodError | null {
  try {
    act();
  } catch (error) {
    if (error instanceof MethodError) return error;
    throw error;
  }
  return null;
}

describe('parseOptions', () => {
  it('completes what is given by defaults', () => {
    const defaults = { count: 3, rate: 0.5, loud: false, mode: 'a' };

    for (const given of [undefined, null, {}, { count: null, mode: undefined }])
      expect(parseOptions(table, given)).toEqual(defaults);
    expect(parseOptions(table, { count: 9, loud: true, mode: 'b' })).toEqual({
      ...defaults,
      count: 9,
      loud: true,
      mode: 'b',
    });
  });

  it.each([
    [{ count: 0 }, 'count', 'must be a whole number >= 1 <= 9'],
    [{ count: 1.5 }, 'count', 'must be a whole number'],
    [{ count: '3' }, 'count', 'must be a whole number'],
    [{ rate: Number.NaN }, 'rate', 'must be a number'],
    [{ loud: 1 }, 'loud', 'must be true or false'],
    [{ mode: 'c' }, 'mode', 'must be one of a, b'],
    [{ toString: 1 }, 'toString', 'is not an option: use count, rate, loud, mode'],
    [[], 'options', 'must be an object'],
  ])('refuses %j', (given, path, message) => {
    const error = errorOf(() => parseOptions(table, given));

    expect(error?.code).toBe('OPTIONS_INVALID');
    expect(error?.problems).toEqual([{ path, message: expect.stringContaining(message) }]);
    expect(error?.available).toEqual(['count', 'rate', 'loud', 'mode']);
  });
});

describe('registers', () => {
  it('list what exists when a kind does not', () => {
    for (const kind of ['tpee', 'toString']) {
      expect(errorOf(() => createSampler(kind, {}, ['minimize']))?.available).toContain('tpe');
      expect(errorOf(() => createPruner(kind, {}))?.available).toContain('median');
      expect(errorOf(() => createPruner(kind, {}))?.code).toBe('METHOD_UNKNOWN');
    }
  });

  it('refuse a sampler that cannot serve several objectives, naming those that can', () => {
    const error = errorOf(() => createSampler('tpe', {}, ['minimize', 'maximize']));

    expect(error?.code).toBe('METHOD_UNSUITED');
    expect(error?.available).toEqual(expect.arrayContaining(['auto', 'random', 'grid']));
    expect(error?.available).not.toContain('tpe');
    expect(errorOf(() => createSampler('random', {}, ['minimize', 'maximize']))).toBeNull();
  });
});
