/** The register of problems: to add one, write its file and its line here. */
import { bbob } from './bbob/bbob.js';
import type { Family, Problem } from './problem.js';
import { ackley53 } from './synthetic/ackley-53.js';
import { algorithmTree } from './synthetic/algorithm-tree.js';
import { func2c, func3c } from './synthetic/func-2c-3c.js';
import { noise1, noise10 } from './synthetic/hartmann-noise.js';
import { logPlateaus } from './synthetic/log-plateaus.js';
import { maxSat } from './synthetic/max-sat.js';
import { mixedInteger } from './synthetic/mixed-integer.js';
import { nanRegion } from './synthetic/nan-region.js';
import { pestControl } from './synthetic/pest-control.js';
import { pressureVessel } from './synthetic/pressure-vessel.js';
import { hpobench } from './tables/hpobench.js';
import { nasBench201 } from './tables/nas-bench-201.js';

/** Dimensions in which the functions of BBOB are there; runs use the second unless they ask for another. */
const BBOB_DIMENSIONS = [2, 5, 10, 20];

export const PROBLEMS: readonly Problem[] = [
  ...hpobench,
  ...nasBench201,
  ...BBOB_DIMENSIONS.flatMap(bbob),
  mixedInteger,
  func2c,
  func3c,
  ackley53,
  pressureVessel,
  maxSat,
  pestControl,
  algorithmTree,
  noise1,
  noise10,
  nanRegion,
  logPlateaus,
];

export const FAMILIES: readonly Family[] = ['hpobench', 'nasbench201', 'bbob', 'synthetic'];

/** BBOB functions that runs use unless they ask for all: some of each group. */
const USUAL_BBOB = [1, 2, 3, 5, 6, 7, 8, 10, 12, 13, 15, 20, 21, 23];

/** What runs use unless they ask for others. */
export function isUsual({ name, family }: Problem): boolean {
  return family !== 'bbob' || USUAL_BBOB.some((f) => name === `bbob-f${f}-d5`);
}
