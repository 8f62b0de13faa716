/** Spaces and problems that every sampler must cope with. */

import type { Params, SearchSpace } from '../../src/search/space/parameter.js';
import { parseSpace } from '../../src/search/space/parse-space.js';

const unit = { kind: 'float', low: 0, high: 1 };

/** Linear constraints and forbidden combinations, with conditions, wide and thin, endless and finite. */
export const constrainedSpaces: Readonly<Record<string, SearchSpace>> = {
  linear: parseSpace({
    parameters: { x: unit, y: { kind: 'float', low: -5, high: 5 }, n: { kind: 'int', low: 1, high: 8 } },
    constraints: [
      { kind: 'linear', name: 'budget', coefficients: { x: 4, n: 1 }, atMost: 6 },
      { kind: 'linear', coefficients: { y: 1, x: -10 }, atMost: -2 },
    ],
  }),
  forbidden: parseSpace({
    parameters: {
      kernel: { kind: 'int', low: 1, high: 7, step: 2 },
      stride: { kind: 'ordinal', values: [1, 2, 4] },
      rate: { kind: 'float', low: 1e-5, high: 1, log: true },
      mode: { kind: 'categorical', choices: ['a', 'b', null] },
    },
    constraints: [
      { forbid: { param: 'stride', above: { param: 'kernel' } } },
      {
        forbid: {
          all: [
            { param: 'mode', in: ['a', null] },
            { param: 'rate', above: 0.01 },
          ],
        },
      },
      {
        forbid: {
          not: {
            any: [
              { param: 'kernel', above: 1 },
              { param: 'rate', below: 1e-3 },
            ],
          },
        },
      },
    ],
  }),
  conditional: parseSpace({
    parameters: {
      optimizer: { kind: 'categorical', choices: ['sgd', 'adam'] },
      momentum: { ...unit, when: { param: 'optimizer', in: ['sgd'] } },
      decay: unit,
      layers: { kind: 'int', low: 1, high: 4 },
      width: { kind: 'int', low: 4, high: 512, log: true, when: { param: 'layers', above: 1 } },
    },
    constraints: [
      { kind: 'linear', coefficients: { momentum: 1, decay: 1 }, atMost: 0.7 },
      { kind: 'linear', coefficients: { width: 1, layers: 100 }, atMost: 450 },
      {
        forbid: {
          all: [
            { param: 'optimizer', in: ['adam'] },
            { param: 'decay', below: 0.5 },
          ],
        },
      },
    ],
  }),
  thin: parseSpace({
    parameters: { a: unit, b: unit, c: unit, d: unit },
    constraints: [
      { kind: 'linear', coefficients: { a: 1, b: 1, c: 1, d: 1 }, atMost: 1 },
      { kind: 'linear', coefficients: { a: -1, b: -1, c: -1, d: -1 }, atMost: -0.999 },
    ],
  }),
};

/** 60 cells, of which 20 satisfy the constraints. */
export const constrainedCells = parseSpace({
  parameters: {
    a: { kind: 'int', low: 1, high: 5 },
    b: { kind: 'int', low: 1, high: 5 },
    c: { kind: 'boolean' },
    d: {
      kind: 'boolean',
      when: {
        all: [
          { param: 'c', in: [true] },
          { param: 'a', in: [2, 4] },
        ],
      },
    },
  },
  constraints: [
    { forbid: { not: { param: 'a', above: { param: 'b' } } } },
    { kind: 'linear', coefficients: { a: 1, c: 1 }, atMost: 5 },
  ],
});

/** Seeded problems on which methods that learn are held against random search; the least value is 0. */
export const problems: Readonly<Record<string, readonly [SearchSpace, (params: Params) => number]>> = {
  'a bowl': [
    parseSpace(Object.fromEntries(['x', 'y', 'z', 'w'].map((name) => [name, { kind: 'float', low: -5, high: 5 }]))),
    (params) => Object.values(params).reduce<number>((sum, x) => sum + (Number(x) - 1) ** 2, 0),
  ],
  'kinds and conditions': [
    parseSpace({
      rate: { kind: 'float', low: 1e-5, high: 1, log: true },
      layers: { kind: 'int', low: 1, high: 8 },
      optimizer: { kind: 'categorical', choices: ['sgd', 'adam', 'rms'] },
      momentum: { ...unit, when: { param: 'optimizer', in: ['sgd'] } },
      size: { kind: 'ordinal', values: [16, 32, 64, 128] },
    }),
    ({ rate, layers, optimizer, momentum, size }) =>
      0.3 * (Math.log10(Number(rate)) + 2.5) ** 2 +
      0.15 * Math.abs(Number(layers) - 5) +
      (optimizer === 'adam' ? 0 : optimizer === 'rms' ? 0.3 : 3 * (Number(momentum) - 0.9) ** 2 + 0.05) +
      (size === 64 ? 0 : 0.2),
  ],
};
