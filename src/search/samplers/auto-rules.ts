/** Which method suits a history: rules in order, the first that applies decides. */

import { type History, nextNumber } from '../history.js';
import { cells } from '../space/cells.js';
import { levelCount } from '../space/levels.js';
import { standingOf } from '../standing.js';
import { featuresOf } from './gp/features.js';
import { endedCount, startupTrials } from './gp/startup.js';
import { spentPoints } from './unseen.js';

/** A method for the next trial, and why. */
export interface Choice {
  readonly kind: ArmKind;
  readonly options: Readonly<Record<string, unknown>>;
  /** One sentence for people. */
  readonly reason: string;
}

export type ArmKind = 'gp' | 'tpe' | 'random';

/** A proposal may cost this share of the time that it decides about. */
const AFFORDABLE = 0.1;

/**
 * The method for the next trial: a function of the history, which replay relies on, and never of how long our own code took.
 * `serving` lists the arms that can serve these objectives, the preferred first.
 */
export function choose(history: History, serving: readonly ArmKind[]): Choice {
  const { space, trials, budget, directions } = history;
  const left = budget === undefined ? 0 : budget - nextNumber(history);
  const total = cells(space);
  // By points, not trials: replicates of one leave as many to try.
  if (total < Infinity && total - spentPoints(history).size <= left) {
    return choice(
      'random',
      `all ${total} points of the space fit into the budget: each is tried once, in random order`,
    );
  }

  const [preferred = 'random'] = serving;
  if (preferred === 'gp' && endedCount(history) < startupTrials(featuresOf(space), budget)) {
    return choice('gp', 'the first trials are spread over the space: there is nothing yet to learn from');
  }
  if (directions.length > 1) return choice(preferred, `${directions.length} objectives: ${preferred} serves them best`);

  const parameters = space.parameters.filter((parameter) => levelCount(parameter) > 1).length;
  const ended = trials.filter(
    (trial) => standingOf(trial, 1) === 'OBSERVED' || standingOf(trial, 1) === 'PARTIAL',
  ).length;
  const cost = proposalSeconds(ended, parameters);
  const between = secondsBetweenTrials(history);
  if (between !== null && cost > AFFORDABLE * between && serving.includes('tpe')) {
    return choice(
      'tpe',
      `trials end every ${shown(between)} s: a model that takes ${shown(cost)} s a proposal would hold them up`,
    );
  }
  return choice(preferred, 'a proposal is cheap beside a trial, and a model of the objective needs the fewest trials');
}

/**
 * Seconds that `gp` takes for a proposal after n ended trials with d parameters, fits included: a constant of the engine, fitted
 * to one core of a 2.45 GHz server. A stopwatch would break replay.
 */
export function proposalSeconds(n: number, d: number): number {
  return (0.012 + 8e-5 * Math.min(n, 600)) * (0.5 + d / 20);
}

/** Median training time over the trials in flight, this one included; null when no time was reported. */
function secondsBetweenTrials({ trials, directions }: History): number | null {
  const times = trials.flatMap(({ seconds }) => (seconds !== undefined && Number.isFinite(seconds) ? [seconds] : []));
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  if (median === undefined) return null;
  const inFlight = trials.filter((trial) => standingOf(trial, directions.length) === 'PENDING').length;
  return median / (inFlight + 1);
}

function choice(kind: ArmKind, reason: string): Choice {
  return { kind, options: {}, reason };
}

function shown(seconds: number): string {
  return String(Number(seconds.toPrecision(2)));
}
