import { describe, expect, it } from 'vitest';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { SpaceError } from '../../../src/search/space/space-error.js';
import { everything, small } from '../support.js';

function problemsOf(given: unknown): readonly string[] {
  try {
    parseSpace(given);
  } catch (error) {
    if (error instanceof SpaceError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('parseSpace', () => {
  it('parses what it returned to itself, also after JSON', () => {
    for (const space of [everything, small]) {
      expect(parseSpace(space)).toEqual(space);
      expect(parseSpace(JSON.parse(JSON.stringify(space)))).toEqual(space);
    }
  });

  it('reads a list and a map alike', () => {
    const list = parseSpace({
      parameters: [
        { name: 'x', kind: 'int', low: 1, high: 3 },
        { name: 'parameters', kind: 'boolean' },
      ],
    });

    expect(parseSpace({ x: { kind: 'int', low: 1, high: 3 }, parameters: { kind: 'boolean' } })).toEqual(list);
  });

  it('takes null for absent, except as a default that is a choice', () => {
    const space = parseSpace({
      x: { kind: 'float', low: 0, high: 1, step: null, log: null, when: null, default: null, doc: null },
      c: { kind: 'categorical', choices: [null, 1], default: null },
    });

    expect(space.parameters).toEqual([
      { kind: 'float', name: 'x', low: 0, high: 1, log: false },
      { kind: 'categorical', name: 'c', choices: [null, 1], default: null },
    ]);
  });

  it('lets high fall to the last grid value', () => {
    const space = parseSpace({
      x: { kind: 'float', low: 0, high: 1, step: 0.3 },
      n: { kind: 'int', low: 1, high: 10, step: 4 },
      y: { kind: 'float', low: 0, high: 0.3, step: 0.1 },
    });

    expect(space.parameters.map((parameter) => ('high' in parameter ? parameter.high : null))).toEqual([0.9, 9, 0.3]);
  });

  it('turns comparisons on an ordinal into membership', () => {
    const space = parseSpace({
      size: { kind: 'ordinal', values: [16, 32, 64] },
      x: { kind: 'boolean', when: { not: { param: 'size', above: 16 } } },
    });

    expect(space.parameters[1]?.when).toEqual({ not: { param: 'size', in: [32, 64] } });
  });

  it.each([
    [null, 'space: must be'],
    [{}, 'space: declares no parameter'],
    [{ parameters: [], more: 1 }, 'more: unknown key'],
    [{ parameters: [{ kind: 'boolean' }] }, 'parameters[0].name: is missing'],
    [
      {
        parameters: [
          { name: 'a', kind: 'boolean' },
          { name: 'a', kind: 'boolean' },
        ],
      },
      'a: is declared twice',
    ],
    [JSON.parse('{"__proto__": {"kind": "boolean"}}'), '__proto__: is not a name'],
    [{ '1x': { kind: 'boolean' } }, '1x: is not a name'],
    [{ x: 3 }, 'x: must be an object'],
    [{ x: {} }, 'x.kind: is missing: use one of float, int'],
    [{ x: { kind: 'real' } }, 'x.kind: "real" is unknown'],
    [{ x: { kind: 'toString' } }, 'x.kind: "toString" is unknown'],
    [{ x: { kind: 'float', low: 0, high: 1, max: 3 } }, 'x.max: unknown key'],
    [{ x: { kind: 'float', low: 1, high: 1 } }, 'x.high: must be greater'],
    [{ x: { kind: 'float', low: '0', high: 1 } }, 'x.low: must be a finite number'],
    [{ x: { kind: 'float', low: 0, high: Infinity } }, 'x.high: must be a finite number'],
    [{ x: { kind: 'float', low: -1.7e308, high: 1.7e308 } }, 'x.high: is too far'],
    [{ x: { kind: 'float', low: 0, high: 1, log: true } }, 'x.low: must be greater than 0'],
    [{ x: { kind: 'float', low: 1, high: 2, log: true, step: 0.1 } }, 'x.step: excludes log'],
    [{ x: { kind: 'float', low: 1, high: 2, step: 0 } }, 'x.step: must be a number > 0'],
    [{ x: { kind: 'float', low: 1e-9, high: 1.0000000000000003e-9, log: true } }, 'x.high: is too close'],
    [{ x: { kind: 'float', low: 1e6, high: 1e6 + 1, step: 1e-9 } }, 'x.step: is too fine'],
    [{ x: { kind: 'float', low: 0, high: 1, log: 'yes' } }, 'x.log: must be true or false'],
    [{ x: { kind: 'int', low: 0.5, high: 2 } }, 'x.low: must be a whole number'],
    [{ x: { kind: 'int', low: 0, high: 9, log: true } }, 'x.low: must be at least 1'],
    [{ x: { kind: 'int', low: 2, high: 1 } }, 'x.high: must not be less'],
    [{ x: { kind: 'ordinal', values: [] } }, 'x.values: must be a list'],
    [{ x: { kind: 'ordinal', values: [true] } }, 'x.values: true is not allowed'],
    [{ x: { kind: 'categorical', choices: ['a', 'a'] } }, 'x.choices: "a" is listed twice'],
    [{ x: { kind: 'categorical', choices: [Number.NaN] } }, 'x.choices: null is not allowed'],
    [
      { x: { kind: 'int', low: 1, high: 9, step: 2, default: 4 } },
      'x.default: is 4: give a number from 1 to 9 in steps of 2',
    ],
    [{ x: { kind: 'boolean', doc: 7 } }, 'x.doc: must be text'],
    [{ x: { kind: 'boolean', when: { param: 'y', in: [1] } } }, 'x.when.param: "y" is not a parameter'],
    [{ x: { kind: 'boolean', when: 'y' } }, 'x.when: must be'],
    [{ x: { kind: 'boolean', when: { param: 'x', in: [true] } } }, 'x.when: waits in a circle'],
    [
      { y: { kind: 'boolean' }, x: { kind: 'boolean', when: { all: [{ param: 'y', in: [1] }] } } },
      'x.when.all[0].in: 1 is not true or false',
    ],
    [
      { y: { kind: 'boolean' }, x: { kind: 'boolean', when: { param: 'y', above: 1 } } },
      'x.when.above: compares numbers',
    ],
    [
      { y: { kind: 'int', low: 1, high: 3 }, x: { kind: 'boolean', when: { param: 'y', above: 3 } } },
      'x.when.above: no value of y is above 3',
    ],
    [
      { y: { kind: 'boolean' }, x: { kind: 'boolean', when: { param: 'y', in: [true], above: 1 } } },
      'x.when: has the keys above in param',
    ],
  ])('refuses %j and says why', (given, expected) => {
    expect(problemsOf(given).join('\n')).toContain(expected);
  });

  it('reports every problem at once', () => {
    expect(problemsOf({ x: { kind: 'float', low: 'a', high: 'b' }, y: { kind: 'nope' } }).length).toBe(3);
  });

  it('says when there is more than a search can keep', () => {
    const many = Object.fromEntries(Array.from({ length: 5_001 }, (_, i) => [`x${i}`, { kind: 'boolean' }]));
    const x = { kind: 'int', low: 0, high: 9 };
    const constraints = Array.from({ length: 1_001 }, () => ({ kind: 'linear', coefficients: { x: 1 }, atMost: 5 }));

    expect(problemsOf(many)).toEqual([expect.stringContaining('declares 5001 parameters: at most 5000')]);
    expect(problemsOf({ parameters: { x }, constraints })).toEqual([
      expect.stringContaining('have 1001 terms: at most 1000'),
    ]);
  });

  it('finds circles over several parameters', () => {
    const when = (param: string) => ({ kind: 'boolean', when: { param, in: [true] } });

    expect(problemsOf({ free: { kind: 'boolean' }, a: when('b'), b: when('c'), c: when('a') }).length).toBe(3);
  });
});
