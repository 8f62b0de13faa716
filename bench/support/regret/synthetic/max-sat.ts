/**
 * Weighted MaxSAT of 28 switches: the clauses (a or b) and (not a or not b) for each of 210 pairs, which is the largest cut
 * of the graph of disjoint pairs of eight things. Weights are drawn; the optima are certified by enumeration of all 2^27.
 */
import type { Rng } from '../../../../src/search/math/rng.js';
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { sum } from '../bbob/transforms.js';
import { synthetic } from './synthetic.js';

export const SWITCHES = 28;
/** Largest cut by instance. */
const OPTIMA = [68_569, 73_347, 71_123, 73_557, 70_291];

export interface Edge {
  readonly a: number;
  readonly b: number;
  /** A whole number of thousandths, so that sums are exact. */
  readonly weight: number;
}

const space = parseSpace({
  parameters: Array.from({ length: SWITCHES }, (_, i) => ({ name: `b${i}`, kind: 'boolean' })),
});

/** The value is minus the share of the weight that is cut. */
export const maxSat = synthetic('max-sat', (rng, number) => {
  const edges = drawEdges(rng);
  const total = sum(
    edges.map(({ weight }) => weight),
    (weight) => weight,
  );
  return {
    space,
    optimum: -(OPTIMA[number] ?? Number.NaN) / total,
    evaluate: (params) => {
      const cut = edges.filter(({ a, b }) => params[`b${a}`] !== params[`b${b}`]);
      return { value: -cut.reduce((all, { weight }) => all + weight, 0) / total };
    },
  };
});

export function drawEdges(rng: Rng): readonly Edge[] {
  const pairs = Array.from({ length: 8 }, (_, i) => Array.from({ length: i }, (_, j) => [i, j] as const)).flat();
  return pairs.flatMap((one, a) =>
    pairs.slice(0, a).flatMap((other, b) => {
      if (one.some((thing) => other.includes(thing))) return [];
      return [{ a, b, weight: Math.ceil(1_000 * rng.next()) }];
    }),
  );
}
