/** The lcbench tasks as a search: seven hyperparameters, 52 epochs, cross-entropy on the validation set to minimise. */

import { readFileSync } from 'node:fs';
import type { Training } from '../../../src/search/simulate-time.js';
import { key } from '../../../src/search/space/key.js';
import type { Params } from '../../../src/search/space/parameter.js';
import { parseSpace } from '../../../src/search/space/parse-space.js';
import type { Prediction, Surrogate } from './surrogate.js';

export const EPOCHS = 52;

export const lcbenchSpace = parseSpace({
  batch_size: { kind: 'int', low: 16, high: 512, log: true },
  learning_rate: { kind: 'float', low: 1e-4, high: 0.1, log: true },
  momentum: { kind: 'float', low: 0.1, high: 0.99 },
  weight_decay: { kind: 'float', low: 1e-5, high: 0.1 },
  num_layers: { kind: 'int', low: 1, high: 5 },
  max_units: { kind: 'int', low: 64, high: 1024, log: true },
  max_dropout: { kind: 'float', low: 0, high: 1 },
});

/** In the order of the model's inputs after the epoch. */
const INPUTS = ['batch_size', 'learning_rate', 'momentum', 'weight_decay', 'num_layers', 'max_units', 'max_dropout'];

/** OpenML ids of the tasks and their codes in the model. */
export function lcbenchTasks(): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(new URL('../../data/lcbench/tasks.json', import.meta.url), 'utf8'));
}

/** The model is asked at these epochs, all rungs among them; between them curves are taken to be straight, to save time. */
const KNOTS = [1, 2, 3, 4, 6, 9, 13, 19, 27, 40, EPOCHS];

/** A curve of one configuration; every value is computed once. */
interface Curve {
  readonly valueAt: (epoch: number) => number;
  /** Of the whole training. */
  readonly seconds: () => number;
}

/** Trains configurations of one task; curves are kept, since methods propose the same points. */
export function lcbenchTask(surrogate: Surrogate, code: number): (params: Params) => Training {
  const curves = new Map<string, Curve>();
  return (params) => {
    const name = key(params);
    const curve = curves.get(name) ?? curveOf(surrogate, code, params);
    curves.set(name, curve);
    return { epochs: EPOCHS, valueAt: curve.valueAt, secondsOf: () => curve.seconds() / EPOCHS };
  };
}

function curveOf(surrogate: Surrogate, code: number, params: Params): Curve {
  const inputs = INPUTS.map((name) => Number(params[name]));
  const predictions = new Map<number, Prediction>();
  const predict = (epoch: number) => {
    const prediction = predictions.get(epoch) ?? surrogate(code, [epoch, ...inputs]);
    predictions.set(epoch, prediction);
    return prediction;
  };
  return {
    valueAt: (epoch) => {
      const after = KNOTS.findIndex((knot) => knot >= epoch);
      const [left, right] = [KNOTS[after - 1] ?? 1, KNOTS[after] ?? EPOCHS];
      const end = predict(right).validationCrossEntropy;
      if (epoch === right) return end;
      const share = (epoch - left) / (right - left);
      return predict(left).validationCrossEntropy * (1 - share) + end * share;
    },
    seconds: () => predict(EPOCHS).seconds,
  };
}
