/**
 * The cost of a pressure vessel: two thicknesses in sixteenths of an inch, a radius and a length, and what it must hold.
 * @source Sandgren 1990; Kannan and Kramer 1994; the optimum as in Yang et al. 2013, "True global optimality of the pressure vessel".
 */
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { synthetic } from './synthetic.js';

const space = parseSpace({
  shell: { kind: 'int', low: 1, high: 99 },
  head: { kind: 'int', low: 1, high: 99 },
  radius: { kind: 'float', low: 10, high: 200 },
  length: { kind: 'float', low: 10, high: 200 },
});

export const pressureVessel = synthetic(
  'pressure-vessel',
  () => ({
    space,
    optimum: 6059.714335,
    evaluate: (params) => {
      const [shell, head] = [Number(params.shell) / 16, Number(params.head) / 16];
      const [radius, length] = [Number(params.radius), Number(params.length)];
      return {
        value:
          0.6224 * shell * radius * length +
          1.7781 * head * radius ** 2 +
          3.1661 * shell ** 2 * length +
          19.84 * shell ** 2 * radius,
        constraints: [
          0.0193 * radius - shell,
          0.00954 * radius - head,
          // Beside the volume asked for, so that it is of the size of the others.
          1 - (Math.PI * radius ** 2 * (length + (4 / 3) * radius)) / 1_296_000,
        ],
      };
    },
  }),
  { isConstrained: true },
);
