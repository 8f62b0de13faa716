/** Curves with a known rate of crossings, heavy-tailed durations and failures: for schedulers under load, at no cost to compute. */

import { inverseLowerMass } from '../../../src/search/math/normal.js';
import { createRng } from '../../../src/search/math/rng.js';
import type { Training } from '../../../src/search/simulate-time.js';
import { makeGenerator } from './contest.js';

export interface PowerLaws {
  readonly epochs: number;
  /** Of the first epoch's value with the final one over trials, in [0, 1]: 1 when curves never cross. */
  readonly correlation: number;
  /** Mean virtual seconds of an epoch; Pareto with index 2 over trials, so some take ten times as long. */
  readonly epochSeconds: number;
  /** The share of the trials that fail, in an epoch drawn uniformly. */
  readonly failures: number;
  readonly seed: string;
}

/**
 * From a start to an end, both standard normal over trials, as e^(-1/2): after epoch e the value is end + (start - end + 2) (w(e)),
 * w falling from 1 to 0.
 */
export function powerLaws({
  epochs,
  correlation,
  epochSeconds,
  failures,
  seed,
}: PowerLaws): (params: unknown, trialNumber: number) => Training {
  const root = createRng(seed, makeGenerator);
  const last = epochs ** -0.5;
  return (_, trialNumber) => {
    const rng = root.fork(String(trialNumber));
    const end = inverseLowerMass(rng.next());
    const start = correlation * end + Math.sqrt(1 - correlation ** 2) * inverseLowerMass(rng.next());
    // Of a Pareto law with index 2 and minimum 1 the mean is 2.
    const seconds = (epochSeconds / 2) * (1 - rng.next()) ** -0.5;
    const failure =
      rng.next() < failures ? { epoch: 1 + Math.floor(rng.next() * epochs), cause: 'OOM' as const } : null;
    return {
      epochs,
      valueAt: (epoch) => end + ((start - end + 2) * (epoch ** -0.5 - last)) / (1 - last),
      secondsOf: () => seconds,
      ...(failure === null ? {} : { failure }),
    };
  };
}
