import { describe, expect, it } from 'vitest';
import { cells } from '../../../src/search/space/cells.js';
import { findCell } from '../../../src/search/space/find-cell.js';
import { key } from '../../../src/search/space/key.js';
import { levelsOf } from '../../../src/search/space/levels.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { validateParams } from '../../../src/search/space/validate-params.js';
import { everything, small } from '../support.js';

const when = { any: [{ param: 'n', above: 7 }, { not: { param: 'n', in: [2, 3] } }] };
const spaces = {
  small,
  thresholds: parseSpace({ n: { kind: 'int', low: 1, high: 20 }, x: { kind: 'ordinal', values: [1, 2, 3], when } }),
  grid: parseSpace({
    f: { kind: 'float', low: 0, high: 1, step: 0.1 },
    x: {
      kind: 'boolean',
      when: {
        all: [
          { param: 'f', below: 0.3 },
          { param: 'f', above: 0.05 },
        ],
      },
    },
  }),
  chain: parseSpace({
    a: { kind: 'boolean' },
    b: { kind: 'boolean', when: { param: 'a', in: [true] } },
    c: { kind: 'int', low: 1, high: 3, when: { not: { param: 'b', in: [true] } } },
    d: { kind: 'boolean' },
  }),
  childFirst: parseSpace({
    child: { kind: 'int', low: 1, high: 3, when: { param: 'parent', in: [true] } },
    parent: { kind: 'boolean' },
  }),
};

describe('cells', () => {
  it.each(Object.entries(spaces))('counts what a walk visits, each legal and once: %s', (_, space) => {
    const keys: string[] = [];
    findCell(space, levelsOf, (params) => {
      expect(validateParams(space, params)).toEqual([]);
      keys.push(key(params));
      return false;
    });

    expect(new Set(keys).size).toBe(keys.length);
    expect(cells(space)).toBe(keys.length);
  });

  it('is Infinity when a float without step can be active', () => {
    expect(cells(everything)).toBe(Infinity);
    expect(
      cells(
        parseSpace({ a: { kind: 'boolean' }, x: { kind: 'float', low: 0, high: 1, when: { param: 'a', in: [true] } } }),
      ),
    ).toBe(Infinity);
  });

  it('counts long ranges under conditions without listing them', () => {
    const space = parseSpace({
      n: { kind: 'int', low: 1, high: 1_000_000_000 },
      x: { kind: 'boolean', when: { param: 'n', above: 10 } },
    });

    expect(cells(space)).toBe(10 + 2 * (1_000_000_000 - 10));
  });

  it('walks with the last parameter fastest and stops at the first accepted cell', () => {
    const seen: string[] = [];
    const found = findCell(spaces.childFirst, levelsOf, (params) => seen.push(key(params)) === 3);

    expect(seen).toEqual(['parent=false;', 'child=1;parent=true;', 'child=2;parent=true;']);
    expect(found).toEqual({ parent: true, child: 2 });
  });
});
