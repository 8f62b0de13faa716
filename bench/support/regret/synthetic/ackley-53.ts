/**
 * Ackley over 50 switches and three numbers, the optimum at a random place rather than at zero.
 * @source Bliek et al. 2021, EXPObench, after Ackley 1987; the shift is ours.
 */
import { parseSpace } from '../../../../src/search/space/parse-space.js';
import { uniformVector } from '../bbob/draws.js';
import { sum } from '../bbob/transforms.js';
import { synthetic } from './synthetic.js';

const SWITCHES = 50;
const NUMBERS = 3;

const space = parseSpace({
  parameters: [
    ...Array.from({ length: SWITCHES }, (_, i) => ({ name: `b${i}`, kind: 'boolean' })),
    ...Array.from({ length: NUMBERS }, (_, i) => ({ name: `x${i}`, kind: 'float', low: -1, high: 1 })),
  ],
});

export const ackley53 = synthetic('ackley-53', (rng) => {
  const on = Array.from({ length: SWITCHES }, () => rng.next() < 0.5);
  const optimum = uniformVector(rng, NUMBERS, -0.8, 0.8);
  return {
    space,
    optimum: 0,
    evaluate: (params) => {
      const z = [
        ...on.map((best, i) => (params[`b${i}`] === best ? 0 : 1)),
        ...optimum.map((best, i) => Number(params[`x${i}`]) - best),
      ];
      const radius = Math.sqrt(sum(z, (value) => value ** 2) / z.length);
      const waves = sum(z, (value) => Math.cos(2 * Math.PI * value)) / z.length;
      return { value: Math.max(0, 20 * (1 - Math.exp(-0.2 * radius)) + Math.E - Math.exp(waves)) };
    },
  };
});
