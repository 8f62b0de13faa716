/** "Which algorithm", three levels deep: each leaf is a bowl of its own depth, and the deepest is the narrowest. */
import type { Params } from '../../../../src/search/space/parameter.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { encode } from '../../../../src/search/space/unit.js';
import { uniform } from '../bbob/draws.js';
import { synthetic } from './synthetic.js';

const is = (param: string, ...choices: string[]) => ({ param, in: choices });

const space = parseSpace({
  algorithm: { kind: 'categorical', choices: ['svm', 'forest', 'boosting'] },
  scale: { kind: 'boolean' },
  kernel: { kind: 'categorical', choices: ['linear', 'rbf', 'poly'], when: is('algorithm', 'svm') },
  c: { kind: 'float', low: 1e-3, high: 1e3, log: true, when: is('algorithm', 'svm') },
  gamma: { kind: 'float', low: 1e-5, high: 10, log: true, when: is('kernel', 'rbf', 'poly') },
  degree: { kind: 'int', low: 2, high: 5, when: is('kernel', 'poly') },
  trees: { kind: 'int', low: 10, high: 1000, log: true, when: is('algorithm', 'forest', 'boosting') },
  features: { kind: 'ordinal', values: ['log2', 'sqrt', 'half', 'all'], when: is('algorithm', 'forest') },
  booster: { kind: 'categorical', choices: ['tree', 'linear', 'dart'], when: is('algorithm', 'boosting') },
  learningRate: { kind: 'float', low: 1e-3, high: 1, log: true, when: is('algorithm', 'boosting') },
  depth: { kind: 'int', low: 1, high: 12, when: is('booster', 'tree', 'dart') },
  dropRate: { kind: 'float', low: 0, high: 0.5, when: is('booster', 'dart') },
});

/** Error at the best place of a leaf, and how fast it grows away from it. */
const LEAVES: Readonly<Record<string, readonly [base: number, steepness: number]>> = {
  linear: [0.2, 0.2],
  rbf: [0.06, 0.8],
  poly: [0.1, 0.6],
  forest: [0.09, 0.25],
  'booster-tree': [0.04, 1],
  'booster-linear': [0.18, 0.3],
  'booster-dart': [0, 2],
};
const NUMERIC = space.parameters.filter(({ kind }) => kind !== 'categorical' && kind !== 'boolean');
/** What the wrong answer to `scale` costs, by algorithm. */
const UNSCALED: Readonly<Record<string, number>> = { svm: 0.1, forest: 0, boosting: 0.02 };

/** The optimum, 0, stands to within half a cell of the integers: `best` is where they are at their cells' centres. */
export const algorithmTree = synthetic('algorithm-tree', (rng) => {
  const best = new Map(
    NUMERIC.map((parameter) => {
      const u = uniform(rng, 0.15, 0.85);
      const levels =
        parameter.kind === 'ordinal'
          ? 4
          : parameter.kind === 'int' && !parameter.log
            ? parameter.high - parameter.low + 1
            : 0;
      return [parameter.name, levels === 0 ? u : (Math.floor(u * levels) + 0.5) / levels];
    }),
  );
  return {
    space,
    optimum: 0,
    evaluate: (params) => {
      const [base, steepness] = LEAVES[leafOf(params)] ?? [Number.NaN, 0];
      const active = NUMERIC.filter(({ name }) => Object.hasOwn(params, name));
      const distance = active.reduce(
        (sum, parameter) =>
          sum + (encode(parameter, params[parameter.name] ?? null) - (best.get(parameter.name) ?? 0)) ** 2,
        0,
      );
      const unscaled = params.scale === true ? 0 : (UNSCALED[String(params.algorithm)] ?? 0);
      return { value: base + steepness * distance + unscaled };
    },
  };
});

function leafOf(params: Params): string {
  if (params.algorithm === 'boosting') return `booster-${String(params.booster)}`;
  return String(params.kernel ?? params.algorithm);
}
