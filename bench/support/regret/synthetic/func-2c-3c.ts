/**
 * Sums of two-dimensional functions, each chosen by a categorical; x and y in [-1, 1].
 * @source Ru, Alvi, Nguyen, Osborne and Roberts ICML 2020, CoCaBO, appendix; minimised here, without their noise.
 */
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { synthetic } from './synthetic.js';

type Plane = (x: number, y: number) => number;

const rosenbrock: Plane = (x, y) => (100 * (y - x ** 2) ** 2 + (x - 1) ** 2) / 300;
const camel: Plane = (x, y) => ((4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (-4 + 4 * y ** 2) * y ** 2) / 10;
const beale: Plane = (x, y) =>
  ((1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2) / 50;
const scaled =
  (factor: number, plane: Plane): Plane =>
  (x, y) =>
    factor * plane(x, y);

const FIRST = [rosenbrock, camel, beale];
const SECOND = [rosenbrock, camel, beale, beale, beale];
const THIRD = [scaled(5, camel), scaled(2, rosenbrock), scaled(2, beale), scaled(3, beale)];
/** Of the camel: at (0.0898, -0.7126) and opposite. Where every choice is the camel nothing else is as low. */
const CAMEL = -0.103162845348988;

export const func2c = sums('func-2c', [FIRST, SECOND], 2 * CAMEL);
export const func3c = sums('func-3c', [FIRST, SECOND, THIRD], 7 * CAMEL);

function sums(name: string, tables: readonly (readonly Plane[])[], optimum: number) {
  const space = parseSpace({
    parameters: [
      ...tables.map((table, i) => ({ name: `h${i}`, kind: 'categorical', choices: table.map((_, k) => `c${k}`) })),
      { name: 'x', kind: 'float', low: -1, high: 1 },
      { name: 'y', kind: 'float', low: -1, high: 1 },
    ],
  });
  return synthetic(name, () => ({
    space,
    optimum,
    evaluate: (params) => {
      const [x, y] = [2 * Number(params.x), 2 * Number(params.y)];
      const values = tables.map((table, i) => table[Number(String(params[`h${i}`]).slice(1))]?.(x, y) ?? Number.NaN);
      return { value: values.reduce((sum, value) => sum + value, 0) };
    },
  }));
}
