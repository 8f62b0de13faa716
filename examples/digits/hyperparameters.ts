import type { Hyperparameters } from './fit.js';

// The names under which a search proposes values, and what a script run alone uses instead.

/** A configuration that reads about 96 digits in 100 rightly. */
export const DEFAULTS = { learning_rate: 0.03, hidden_units: 64, batch_size: 32, weight_decay: 1e-5, dropout: 0 };

/** Returns the trial's values; one that is missing, as an inactive dropout is, takes its default. */
export function readHyperparameters(params: Readonly<Record<string, unknown>>): Hyperparameters {
  const read = (name: keyof typeof DEFAULTS): number => {
    const value = Number(params[name] ?? DEFAULTS[name]);
    if (!Number.isFinite(value)) throw new Error(`${name} is ${String(params[name])}; it must be a number`);
    return value;
  };
  return {
    learningRate: read('learning_rate'),
    hiddenUnits: read('hidden_units'),
    batchSize: read('batch_size'),
    weightDecay: read('weight_decay'),
    dropout: read('dropout'),
  };
}
