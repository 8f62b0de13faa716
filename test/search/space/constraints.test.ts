import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/search/math/rng.js';
import { indexCells } from '../../../src/search/space/cell-index.js';
import { cells, countCells } from '../../../src/search/space/cells.js';
import { brokenConstraints, constraintViolation, isFeasible } from '../../../src/search/space/constraint.js';
import { findCell } from '../../../src/search/space/find-cell.js';
import { findFeasible } from '../../../src/search/space/find-feasible.js';
import { key } from '../../../src/search/space/key.js';
import { levelCount, levelOf, levelsOf } from '../../../src/search/space/levels.js';
import type { Parameter, Params, SearchSpace } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { SpaceError } from '../../../src/search/space/space-error.js';
import { decode, encode } from '../../../src/search/space/unit.js';
import { isLegal, validateParams } from '../../../src/search/space/validate-params.js';
import { makeGenerator } from '../support.js';

const parameters = {
  x: { kind: 'float', low: 0, high: 1, step: 0.1 },
  y: { kind: 'float', low: 0, high: 1, step: 0.1 },
  size: { kind: 'ordinal', values: [16, 32, 64] },
  wide: { kind: 'boolean' },
  mode: { kind: 'categorical', choices: ['a', 'b'] },
  depth: { kind: 'int', low: 1, high: 5, when: { param: 'mode', in: ['b'] } },
};
const space = parseSpace({
  parameters,
  constraints: [
    { kind: 'linear', name: 'budget', coefficients: { x: 1, y: 1 }, atMost: 0.3 },
    { kind: 'linear', coefficients: { depth: 16, size: 1, wide: 8 }, atMost: 100 },
    { forbid: { all: [{ param: 'x', above: { param: 'y' } }, { not: { param: 'depth', below: 3 } }] } },
  ],
});

function cellsByWalk(of: SearchSpace): readonly Params[] {
  const found: Params[] = [];
  findCell(of, levelsOf, (params) => {
    found.push(params);
    return false;
  });
  return found;
}

function problemsOf(given: unknown): string {
  try {
    parseSpace(given);
  } catch (error) {
    if (error instanceof SpaceError) return error.problems.map(({ path, message }) => `${path}: ${message}`).join('\n');
    throw error;
  }
  return '';
}

describe('constraints', () => {
  it('are stored as they parse', () => {
    expect(parseSpace(JSON.parse(JSON.stringify(space)))).toEqual(space);
    expect(space.constraints?.map(({ kind }) => kind)).toEqual(['linear', 'linear', 'forbid']);
    expect(parseSpace({ parameters, constraints: [] })).toEqual(parseSpace(parameters));
  });

  it.each([
    [{ x: 0.1, y: 0.2, size: 16, wide: false, mode: 'a' }, []],
    [{ x: 0.2, y: 0.2, size: 16, wide: false, mode: 'a' }, ['budget: is broken: x + y must be at most 0.3, not 0.4']],
    // What is forbidden mentions an inactive parameter: unknown, hence allowed.
    [{ x: 0.2, y: 0.1, size: 16, wide: false, mode: 'a' }, []],
    [{ x: 0.2, y: 0.1, size: 16, wide: false, mode: 'b', depth: 2 }, []],
    [
      { x: 0.2, y: 0.1, size: 16, wide: false, mode: 'b', depth: 3 },
      ['constraints[2]: is broken: these values are forbidden together (x 0.2, y 0.1, depth 3)'],
    ],
    [{ x: 0, y: 0, size: 32, wide: false, mode: 'b', depth: 5 }, ['constraints[1]: is broken']],
    [{ x: 0, y: 0, size: 64, wide: true, mode: 'b', depth: 2 }, ['constraints[1]: is broken']],
    [{ x: 0, y: 0, size: 64, wide: false, mode: 'b', depth: 2 }, []],
  ])('judge %j', (params, expected) => {
    const problems = validateParams(space, params as never).map(({ path, message }) => `${path}: ${message}`);

    expect(problems.length).toBe(expected.length);
    for (const [i, text] of expected.entries()) expect(problems[i]).toContain(text);
    expect(isFeasible(space, params as never)).toBe(expected.length === 0);
    expect(isLegal(space, params as never)).toBe(expected.length === 0);
    expect(constraintViolation(space, params as never) > 0).toBe(expected.length > 0);
    expect(brokenConstraints(space, params as never).length).toBe(expected.length);
  });

  it('compare by kind and value with equals', () => {
    const two = { kind: 'categorical', choices: ['1', 1, true] };
    const same = parseSpace({
      parameters: { a: two, b: two },
      constraints: [{ forbid: { param: 'a', equals: { param: 'b' } } }],
    });

    expect(cells(same)).toBe(6);
    expect(isFeasible(same, { a: '1', b: 1 })).toBe(true);
  });

  const bare = {
    x: { kind: 'float', low: 0, high: 1 },
    c: { kind: 'categorical', choices: [1, 2] },
    huge: { kind: 'float', low: 0, high: 1e300 },
  };
  it.each([
    ['all', 'constraints: must be a list of { "kind": "linear"'],
    [[{}], 'constraints[0]: must be { "kind": "linear"'],
    [[{ kind: 'linear', coefficients: {}, atMost: 1 }], 'constraints[0].coefficients: must be a map'],
    [[{ kind: 'linear', coefficients: { z: 1 }, atMost: 1 }], 'constraints[0].coefficients.z: "z" is not a parameter'],
    [[{ kind: 'linear', coefficients: { c: 1 }, atMost: 1 }], 'constraints[0].coefficients.c: adds numbers'],
    [[{ kind: 'linear', coefficients: { x: 0 }, atMost: 1 }], 'constraints[0].coefficients.x: must be a finite number'],
    [[{ kind: 'linear', coefficients: { huge: 1e10 }, atMost: 1 }], 'constraints[0].coefficients.huge: is too large'],
    [[{ kind: 'linear', coefficients: { x: 1 } }], 'constraints[0].atMost: must be a finite number'],
    [[{ kind: 'linear', coefficients: { x: 1 }, atMost: 1, atLeast: 0 }], 'constraints[0].atLeast: unknown key'],
    [[{ forbid: { param: 'x', above: { param: 'c' } } }], 'constraints[0].forbid.above.param: compares numbers'],
    [
      [{ forbid: { param: 'x', equals: { param: 'z' } } }],
      'constraints[0].forbid.equals.param: "z" is not a parameter',
    ],
    [[{ forbid: { any: [{ param: 'c', in: [3] }] } }], 'constraints[0].forbid.any[0].in: 3 is not one of 1, 2'],
    [[{ forbid: { param: 'x', equals: 1 } }], 'constraints[0].forbid: must be { "param": "x", "equals"'],
    [[{ forbid: 'x' }], 'constraints[0].forbid: must be'],
    [[{ forbid: { all: [] } }], 'constraints[0].forbid.all: must be a list'],
    [
      [
        { name: 'n', forbid: { param: 'x', above: 0.5 } },
        { name: 'n', forbid: { param: 'x', below: 0.1 } },
      ],
      'constraints: "n" names two',
    ],
  ])('refuses %j and says why', (constraints, expected) => {
    expect(problemsOf({ parameters: bare, constraints })).toContain(expected);
  });
});

describe('findFeasible', () => {
  it('tries every value of a short logarithmic range', () => {
    const n = { kind: 'int', low: 1, high: 8, log: true };
    const corner = parseSpace({
      // The float makes the space infinite: no walk through its cells helps.
      parameters: { a: n, b: n, c: n, x: { kind: 'float', low: 0, high: 1 } },
      constraints: [{ kind: 'linear', coefficients: { a: -1, b: -1, c: -1 }, atMost: -24 }],
    });
    for (const seed of ['one', 'two', 'three']) {
      expect(findFeasible(corner, createRng(seed, makeGenerator)).params).toMatchObject({ a: 8, b: 8, c: 8 });
    }
  });
});

describe('cells under constraints', () => {
  it('are counted and listed exactly, and numbered before constraints', () => {
    const free = cellsByWalk(parseSpace(parameters));
    const feasible = free.filter((params) => isFeasible(space, params));

    expect(free.length).toBe(11 * 11 * 3 * 2 * 6);
    expect(cellsByWalk(space)).toEqual(feasible);
    expect(countCells(space)).toEqual({ count: feasible.length, isExact: true });
    const index = indexCells(space, (parameter) => ({
      ...levelsOf(parameter),
      of: (value) => levelOf(parameter, value),
    }));
    expect(index.size).toBe(free.length);
    expect(free.every((params, k) => index.of(params) === k && key(index.at(k)) === key(params))).toBe(true);
    expect(index.of({ ...free[0], x: 0.05 })).toBe(-1);
    expect(index.of({ ...free[0], more: 1 })).toBe(-1);
    expect(index.of({})).toBe(-1);
  });

  it('are counted as a walk finds them, whatever the constraints', () => {
    const names = ['a', 'b', 'c', 'd'] as const;
    const int = (when?: unknown) => ({ kind: 'int', low: 0, high: 4, when });
    const coefficient = fc.integer({ min: -3, max: 3 });
    const leaf = fc.record({ param: fc.constantFrom(...names), above: fc.constantFrom(0, 1, 2, 3) });
    const relation = fc.record({
      param: fc.constantFrom(...names),
      below: fc.record({ param: fc.constantFrom(...names) }),
    });
    const predicate = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        relation,
        fc.record({ not: tie('tree') }),
        fc.record({ all: fc.array(tie('tree'), { minLength: 1, maxLength: 2 }) }),
        fc.record({ any: fc.array(tie('tree'), { minLength: 1, maxLength: 2 }) }),
      ),
    })).tree;
    fc.assert(
      fc.property(
        fc.array(coefficient, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: -5, max: 9 }),
        predicate,
        (as, atMost, forbid) => {
          const coefficients = Object.fromEntries(names.map((name, i) => [name, as[i]]).filter(([, a]) => a !== 0));
          const some = parseSpace({
            parameters: { a: int(), b: int({ param: 'a', above: 1 }), c: int(), d: int({ param: 'c', in: [0, 3] }) },
            constraints: [
              { forbid },
              ...(Object.keys(coefficients).length > 0 ? [{ kind: 'linear', coefficients, atMost }] : []),
            ],
          });
          const all = cellsByWalk(parseSpace({ parameters: some.parameters }));

          const found = cellsByWalk(some).map(key);

          expect(found).toEqual(all.filter((params) => isFeasible(some, params)).map(key));
          expect(countCells(some)).toEqual({ count: found.length, isExact: true });
        },
      ),
      { seed: 7, numRuns: 150 },
    );
  });

  it('are bounded from above when counting would take too long, and none when nothing is left', () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`n${i}`, { kind: 'int', low: 0, high: 9 }]));
    const coefficients = Object.fromEntries(Object.keys(many).map((name) => [name, 1]));
    const sum = (atMost: number) =>
      countCells(parseSpace({ parameters: many, constraints: [{ kind: 'linear', coefficients, atMost }] }));

    expect(sum(54)).toEqual({ count: 1e12, isExact: false });
    expect(sum(200)).toEqual({ count: 1e12, isExact: true });
    expect(sum(2)).toEqual({ count: 1 + 12 + 12 + 66, isExact: true });
    expect(sum(-1)).toEqual({ count: 0, isExact: true });
  });

  it('are finite when the branch with a float is forbidden', () => {
    const branch = {
      mode: { kind: 'categorical', choices: ['a', 'b'] },
      x: { kind: 'float', low: 0, high: 1, when: { param: 'mode', in: ['b'] } },
    };

    expect(cells(parseSpace(branch))).toBe(Infinity);
    expect(cells(parseSpace({ parameters: branch, constraints: [{ forbid: { param: 'mode', in: ['b'] } }] }))).toBe(1);
  });
});

describe('fixed parameters', () => {
  const fixed = parseSpace({
    parameters: { ...parameters, y: { kind: 'float', low: 0, high: 1 } },
    fixed: { y: 0.35, mode: 'b', size: 64 },
  });
  const byName = (name: string) => fixed.parameters.find((parameter) => parameter.name === name) as Parameter;

  it('have one value, in the space as it is stored, and otherwise keep what they were', () => {
    expect(byName('y')).toEqual({ kind: 'float', name: 'y', low: 0, high: 1, log: false, fixed: 0.35 });
    expect(parseSpace(JSON.parse(JSON.stringify(fixed)))).toEqual(fixed);
    for (const [name, value] of [
      ['y', 0.35],
      ['mode', 'b'],
      ['size', 64],
    ] as const) {
      expect(levelCount(byName(name))).toBe(1);
      expect([0, 0.3, 1].map((u) => decode(byName(name), u))).toEqual([value, value, value]);
      expect(encode(byName(name), value)).toBe(0.5);
    }
    expect(cells(fixed)).toBe(11 * 2 * 5);
    expect(cellsByWalk(fixed).length).toBe(110);
  });

  it('may be fixed at null where that is a choice', () => {
    const c = { kind: 'categorical', choices: ['a', null], when: { param: 'x', in: [0.1] } };
    const some = parseSpace({ parameters: { x: parameters.x, c }, fixed: { c: null } });

    expect(parseSpace(JSON.parse(JSON.stringify(some)))).toEqual(some);
    expect([cells(some), isLegal(some, { x: 0.1, c: null }), isLegal(some, { x: 0.1, c: 'a' })]).toEqual([
      11,
      true,
      false,
    ]);
  });

  it('refuse other values', () => {
    const params = { x: 0, y: 0.35, size: 64, wide: true, mode: 'b', depth: 1 };

    expect(validateParams(fixed, params)).toEqual([]);
    expect(validateParams(fixed, { ...params, y: 0.3 })[0]?.message).toBe('is 0.3: give 0.35, at which it is fixed');
    expect(isLegal(fixed, { ...params, size: 16 })).toBe(false);
  });

  it('must be fixed at a legal value of a parameter that exists', () => {
    expect(problemsOf({ parameters, fixed: { x: 0.15 } })).toContain('fixed.x: is 0.15: give a number from 0 to 1');
    expect(problemsOf({ parameters, fixed: { z: 1 } })).toContain('fixed.z: is not a parameter');
    expect(problemsOf({ parameters, fixed: [] })).toContain('fixed: must be a map');
    expect(problemsOf({ parameters: { ...parameters, z: { kind: 'boolean', fixed: 1 } } })).toContain('z.fixed: is 1');
  });
});
