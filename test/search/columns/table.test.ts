import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecOf } from '../../../src/search/columns/codec.js';
import { observedPoints } from '../../../src/search/columns/observed.js';
import { spentRows } from '../../../src/search/columns/spent-rows.js';
import { tableOf } from '../../../src/search/columns/table.js';
import { createRng } from '../../../src/search/math/rng.js';
import { drawUniform } from '../../../src/search/samplers/uniform.js';
import { spentPoints } from '../../../src/search/samplers/unseen.js';
import { levelAt, levelCount, levelOf } from '../../../src/search/space/levels.js';
import type { Params } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import { encode } from '../../../src/search/space/unit.js';
import { isLegal } from '../../../src/search/space/validate-params.js';
import { everything, historyOf, makeGenerator, small, trial } from '../support.js';

const drawn = (count: number, space = everything) => {
  const rng = createRng('table', makeGenerator);
  return Array.from({ length: count }, (_, i) => trial(i, drawUniform(space, rng), { values: [i] }));
};

describe('codecOf', () => {
  const declared = {
    ...Object.fromEntries(everything.parameters.map(({ when: _, ...rest }) => [rest.name, rest])),
    even: { kind: 'int', low: -4, high: 40, step: 4 },
    fine: { kind: 'float', low: 0, high: 3000, step: 0.1 },
  };

  it('reads every value as `encode` and `levelOf` do, to the bit, and back', () => {
    for (const parameter of parseSpace(declared).parameters) {
      const codec = codecOf(parameter);
      const count = Math.min(levelCount(parameter), 2_000);
      const rng = createRng(parameter.name, makeGenerator);
      for (let k = 0; k < Math.min(count, 300); k++) {
        const isFloat = levelCount(parameter) === Infinity;
        const value = isFloat ? codec.valueAt(rng.next()) : levelAt(parameter, Math.floor((k * count) / 300) % count);

        expect(codec.pointOf(value)).toBe(codec.isUnordered ? levelOf(parameter, value) : encode(parameter, value));
        if (!isFloat) expect(codec.valueAt(codec.pointOf(value))).toBe(value);
      }
    }
  });

  it('has no point for what the parameter cannot take', () => {
    for (const parameter of parseSpace(declared).parameters) {
      const { pointOf } = codecOf(parameter);
      for (const value of [undefined, Number.NaN, Infinity, -1e9, 1e9, 'no such', {}, '16']) {
        expect(pointOf(value), `${parameter.name} ${String(value)}`).toBeNaN();
      }
    }
  });
});

describe('tableOf', () => {
  it('holds the points of legal trials by number, NaN where inactive', () => {
    const { codecs, points, trials } = tableOf(historyOf(everything, drawn(50).reverse()));

    expect(trials.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    trials.forEach(({ params }, row) => {
      codecs.forEach((codec, j) => {
        expect(points[j]?.[row]).toBe(codec.pointOf(params[codec.parameter.name]));
      });
    });
  });

  it('says of the same trials and of their clones the same, whatever it read before', () => {
    const all = drawn(60);
    const changed = all.map((some) => (some.number % 7 ? some : trial(some.number, { other: 1 })));
    for (const trials of [all.slice(0, 20), all, changed, all.slice(10), [...all, trial(90, all[3]?.params ?? {})]]) {
      const { find: _, name: ____, ...warm } = tableOf(historyOf(everything, trials));
      const {
        find: __,
        name: _____,
        ...cold
      } = tableOf(historyOf(everything, structuredClone(trials), { seed: 'another' }));

      const plain = ({ codecs: ___, regimes, regimeOf, ...rest }: typeof warm) => ({
        ...rest,
        active: [...regimeOf].map((r) => regimes[r]?.active),
      });
      expect(plain(warm)).toEqual(plain(cold));
    }
  });

  it('knows legal params from others as `isLegal` does, and completes those of an older revision', () => {
    const space = parseSpace({
      a: { kind: 'int', low: 0, high: 3 },
      constructor: { kind: 'boolean', when: { param: 'a', above: 1 } },
      fresh: { kind: 'int', low: 1, high: 9, default: 4 },
    });
    const cases: readonly Params[] = [
      { a: 0, fresh: 1 },
      { a: 2, constructor: true, fresh: 1 },
      { a: 2, fresh: 1 },
      { a: 0, constructor: true, fresh: 1 },
      { a: 0.5, fresh: 1 },
      { a: 0, fresh: 1, more: 1 },
    ];
    const { params } = tableOf(
      historyOf(
        space,
        [...cases, { a: 1 }].map((some, i) => trial(i, some)),
      ),
    );

    expect(params.slice(0, -1).map((some) => some !== null)).toEqual(cases.map((some) => isLegal(space, some)));
    expect(params.at(-1)).toEqual({ a: 1, fresh: 4 });
  });

  it('finds points again as comparing all would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(11), { maxLength: 40 }), fc.nat(11), (numbers, wanted) => {
        const points = drawn(12, small).map((some) => some.params);
        const trials = numbers.map((point, i) =>
          trial(i, points[point] ?? {}, i % 3 ? {} : { state: 'FAILED', cause: 'INFRASTRUCTURE' }),
        );
        const history = historyOf(small, trials);
        const ours = spentRows(tableOf(history));

        expect(ours.has(points[wanted] ?? {})).toBe(spentPoints(history).has(points[wanted] ?? {}));
        expect(ours.size).toBe(spentPoints(history).size);
      }),
    );
  });

  it('gives each observed point once, with the mean of its values, minimised', () => {
    const space = parseSpace({ x: { kind: 'int', low: 0, high: 9 } });
    const trials = [
      trial(0, { x: 3 }, { state: 'RUNNING' }),
      trial(1, { x: 3 }, { values: [1, 5], constraints: [4, -1] }),
      trial(2, { x: 4 }, { values: [7, 7] }),
      trial(3, { x: 3 }, { values: [2, 3] }),
      trial(4, { x: 5 }, { values: [Number.NaN, 1] }),
    ];
    const directions = ['minimize', 'maximize'] as const;
    const { rows, values, violations } = observedPoints(tableOf(historyOf(space, trials, { directions })), directions);

    expect(rows).toEqual([1, 2]);
    expect(values.map((column) => [...column])).toEqual([
      [1.5, 7],
      [-4, -7],
    ]);
    expect([...violations]).toEqual([2, 0]);
  });
});
