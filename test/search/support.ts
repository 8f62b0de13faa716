/** Builders for tests of the brain: spaces, trials and histories in a line each. */

import seedrandom from 'seedrandom';
import type { History, HistoryTrial } from '../../src/search/history.js';
import type { MakeGenerator } from '../../src/search/math/rng.js';
import type { Params, SearchSpace } from '../../src/search/space/parameter.js';
import { parseSpace } from '../../src/search/space/parse-space.js';

export const makeGenerator: MakeGenerator = (seed) => seedrandom.alea(seed).double;

/** All kinds, log and step, and two levels of conditions. */
export const everything = parseSpace({
  learningRate: { kind: 'float', low: 1e-5, high: 1, log: true },
  dropout: { kind: 'float', low: 0, high: 0.5, step: 0.1 },
  layers: { kind: 'int', low: 1, high: 6 },
  width: { kind: 'int', low: 4, high: 1024, log: true },
  batchSize: { kind: 'ordinal', values: [16, 32, 64, 128] },
  optimizer: { kind: 'categorical', choices: ['sgd', 'adam', null] },
  momentum: { kind: 'float', low: 0, high: 0.99, when: { param: 'optimizer', in: ['sgd'] } },
  nesterov: { kind: 'boolean', when: { param: 'momentum', above: 0.5 } },
});

/** Twelve points, in three branches of 2, 4 and 6. */
export const small = parseSpace({
  branch: { kind: 'categorical', choices: ['a', 'b', 'c'] },
  flag: { kind: 'boolean' },
  depth: { kind: 'int', low: 1, high: 2, when: { param: 'branch', in: ['b'] } },
  size: { kind: 'ordinal', values: ['s', 'm', 'l'], when: { param: 'branch', in: ['c'] } },
});

export function trial(number: number, params: Params, rest: Partial<HistoryTrial> = {}): HistoryTrial {
  const none = new Float64Array(0);
  const bare = { steps: none, reports: none, reportedAt: none, by: 'user', askedAt: number * 2 + 1 };
  return { number, params, state: 'COMPLETED', ...bare, ...rest };
}

/** A trial with a curve of reports at steps 0, 1, 2 … */
export function curve(number: number, values: readonly number[], rest: Partial<HistoryTrial> = {}): HistoryTrial {
  const reports = Float64Array.from(values);
  return trial(
    number,
    {},
    { steps: reports.map((_, i) => i), reports, reportedAt: reports.map(() => number), ...rest },
  );
}

export function historyOf(space: SearchSpace, trials: readonly HistoryTrial[], rest: Partial<History> = {}): History {
  return { seed: 'seed', space, directions: ['minimize'], trials, ...rest };
}

/** Freezes plain data all the way down, so that a mutation throws; typed arrays cannot be frozen and are left. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
