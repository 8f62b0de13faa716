/** Whether the next trials are worth what they cost: the gain that is expected of them per hour, against the gain per hour so far. */

import type { History } from '../history.js';
import { type GainSoFar, gainAhead } from './expected-gain.js';
import type { StoppingRule } from './stopping-rule.js';

/** Trials whose mean duration the next ones are expected to have. */
const WINDOW = 30;
const SECONDS_PER_HOUR = 3_600;

/**
 * Stop when the next `ahead` trials are expected to gain less per hour of training than this share of what was gained per hour
 * so far. What trials of other experiments found was paid for elsewhere: the gain is what went beyond it. Null while no
 * duration is known, and while nothing did go beyond: there is no rate to fall behind. Hours of one trial at a time: of trials
 * on several GPUs both rates fall alike.
 */
export function worth(history: History, so: GainSoFar, ahead: number, leastWorth: number): StoppingRule | null {
  const durations = history.trials
    .filter(({ number, endedAt, seconds = 0 }) => number >= 0 && endedAt !== undefined && seconds > 0)
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))
    .map(({ seconds = 0 }) => seconds / SECONDS_PER_HOUR);
  if (durations.length === 0 || (so.gainedHere === 0 && so.gained > 0)) return null;

  const hours = ahead * meanOf(durations.slice(-WINDOW));
  const gain = gainAhead(so, ahead);
  const before = so.gainedHere / (durations.length * meanOf(durations));
  const value = gain / hours;
  const threshold = leastWorth * before;
  return {
    kind: 'worth',
    value,
    threshold,
    shouldStop: value <= threshold,
    reason: `the next ${ahead} trials cost about ${brief(hours)} hours of training and are expected to gain ${brief(gain)}: ${brief(value)} an hour, against ${brief(before)} an hour so far`,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function brief(value: number): number {
  return Number(value.toPrecision(3));
}
