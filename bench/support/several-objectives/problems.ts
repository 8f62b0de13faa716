/**
 * Functions of two and three objectives with known fronts, all minimised, over five floats in [0, 1]; of DTLZ the two with
 * plain fronts.
 * @source ZDT: Zitzler, Deb, Thiele, Evolutionary Computation 8 (2000); DTLZ: Deb et al., in Evolutionary Multiobjective
 * Optimization, Springer 2005.
 */
import { frontsOf } from '../../../src/search/math/fronts.js';
import { hypervolume } from '../../../src/search/math/hypervolume.js';
import type { Params } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';

const DIMENSION = 5;
/** How finely the front is known: points of it for two objectives, the square of so many for three. */
const FINE = 4_000;
const FINE_SQUARED = 70;

export interface FrontProblem {
  readonly name: string;
  readonly objectives: 2 | 3;
  readonly evaluate: (params: Params) => readonly number[];
  /** A tenth of its range beyond the worst of the front. */
  readonly reference: readonly number[];
  /** What the whole front dominates. */
  readonly volume: number;
}

const names = Array.from({ length: DIMENSION }, (_, i) => `x${i}`);
export const FRONT_SPACE = parseSpace({ parameters: names.map((name) => ({ name, kind: 'float', low: 0, high: 1 })) });

type Values = (x: readonly number[]) => readonly number[];

const mean = (list: readonly number[]) => list.reduce((sum, u) => sum + u / list.length, 0);

function zdt(shape: (f1: number, g: number) => number, first = ([x0 = 0]: readonly number[]) => x0): Values {
  return (x) => {
    const g = 1 + 9 * mean(x.slice(1));
    const f1 = first(x);
    return [f1, g * shape(f1, g)];
  };
}

const zdt1 = zdt((f1, g) => 1 - Math.sqrt(f1 / g));
const zdt2 = zdt((f1, g) => 1 - (f1 / g) ** 2);
const zdt3 = zdt((f1, g) => 1 - Math.sqrt(f1 / g) - (f1 / g) * Math.sin(10 * Math.PI * f1));

const zdt4: Values = ([x0 = 0, ...rest]) => {
  const g = rest.reduce(
    (sum, u) => {
      const y = 10 * u - 5;
      return sum + y * y - 10 * Math.cos(4 * Math.PI * y);
    },
    1 + 10 * rest.length,
  );
  return [x0, g * (1 - Math.sqrt(x0 / g))];
};

const zdt6: Values = ([x0 = 0, ...rest]) => {
  const g = 1 + 9 * mean(rest) ** 0.25;
  const f1 = 1 - Math.exp(-4 * x0) * Math.sin(6 * Math.PI * x0) ** 6;
  return [f1, g * (1 - (f1 / g) ** 2)];
};

const dtlz2: Values = ([x0 = 0, x1 = 0, ...rest]) => {
  const g = 1 + rest.reduce((sum, u) => sum + (u - 0.5) ** 2, 0);
  const [a, b] = [(x0 * Math.PI) / 2, (x1 * Math.PI) / 2];
  return [g * Math.cos(a) * Math.cos(b), g * Math.cos(a) * Math.sin(b), g * Math.sin(a)];
};

const dtlz7: Values = ([x0 = 0, x1 = 0, ...rest]) => {
  const g = 1 + 9 * mean(rest);
  const h = [x0, x1].reduce((sum, f) => sum - (f / (1 + g)) * (1 + Math.sin(3 * Math.PI * f)), 3);
  return [x0, x1, (1 + g) * h];
};

/** `tail`: what all parameters but those that move along the front are on it. */
function problem(name: string, objectives: 2 | 3, values: Values, tail: number): FrontProblem {
  const rest = Array.from({ length: DIMENSION - objectives + 1 }, () => tail);
  const fine = objectives === 2 ? FINE : FINE_SQUARED;
  const along = Array.from({ length: fine }, (_, i) => i / (fine - 1));
  const vectors = along.flatMap((x0) =>
    objectives === 2 ? [values([x0, ...rest])] : along.map((x1) => values([x0, x1, ...rest])),
  );
  const [first = []] = frontsOf(vectors, 1);
  const front = first.map((i) => vectors[i] ?? []);
  const reference = Array.from({ length: objectives }, (_, o) => {
    const column = front.map((vector) => vector[o] ?? 0);
    const [low, high] = [Math.min(...column), Math.max(...column)];
    return high + 0.1 * (high - low);
  });
  const evaluate = (params: Params) => values(names.map((one) => Number(params[one])));
  return { name, objectives, evaluate, reference, volume: hypervolume(front, reference) };
}

export const FRONT_PROBLEMS: readonly FrontProblem[] = [
  problem('zdt1', 2, zdt1, 0),
  problem('zdt2', 2, zdt2, 0),
  problem('zdt3', 2, zdt3, 0),
  problem('zdt4', 2, zdt4, 0.5),
  problem('zdt6', 2, zdt6, 0),
  problem('dtlz2', 3, dtlz2, 0.5),
  problem('dtlz7', 3, dtlz7, 0),
];
