/** Which method suits a history: rules in order, the first that applies decides. */

import { tableOf } from '../columns/table.js';
import { type History, nextNumber } from '../history.js';
import { cells } from '../space/cells.js';
import { levelCount } from '../space/levels.js';
import { standingOf } from '../standing.js';
import { featuresOf } from './gp/features.js';
import { endedCount, startupTrials } from './gp/startup.js';
import { hasFidelities } from './mfgp/fidelity.js';
import { endedSinceNews, methodDue } from './progress.js';
import { spentPoints } from './unseen.js';

/** A method for the next trial, and why. */
export interface Choice {
  readonly kind: ArmKind;
  readonly options: Readonly<Record<string, unknown>>;
  /** One sentence for people. */
  readonly reason: string;
}

export type ArmKind = 'gp' | 'mfgp' | 'turbo' | 'tpe' | 'cma' | 'nsga2' | 'random';

/** A proposal may cost this share of the time that it decides about. */
const AFFORDABLE = 0.1;
/** Objectives that `gp` measures the front of. */
const MOST_MEASURED = 3;
/** So many trials, or so many for each parameter, without anything new are a standstill. */
const LONG = 30;
const LONG_PER_PARAMETER = 5;
/** Trials of several objectives after which one is not put down to bad luck. */
const MANY = 250;
/** Trials for each parameter after which other methods may have found their feet. */
const PLENTY_PER_PARAMETER = 10;
/** Who competes then with the model that is preferred. */
const RIVALS = ['turbo', 'tpe', 'cma'] as const;

/**
 * The method for the next trial: a function of the history, which replay relies on, and never of how long our own code took.
 */
export function choose(history: History): Choice {
  const { space, trials, budget, directions, replicates } = history;
  const left = budget === undefined ? 0 : budget - nextNumber(history);
  const total = cells(space);
  const each = replicates?.first ?? 1;
  // By points, not trials: replicates of one leave as many to try, and every one of those takes `each` trials.
  if (total < Infinity && (total - spentPoints(history).size) * each <= left) {
    const often = each === 1 ? 'once' : `${each} times`;
    return choice(
      'random',
      `all ${total} points of the space fit into the budget: each is tried ${often}, in random order`,
    );
  }

  const objectives = directions.length;
  if (objectives > MOST_MEASURED) return choice('tpe', `${objectives} objectives: tpe serves them best`);
  if (endedCount(history) < startupTrials(featuresOf(space), budget)) {
    return choice('gp', 'the first trials are spread over the space: there is nothing yet to learn from');
  }

  const parameters = space.parameters.filter((parameter) => levelCount(parameter) > 1).length;
  const standings = trials.map((trial) => standingOf(trial, objectives));
  const ended = standings.filter((standing) => standing === 'OBSERVED' || standing === 'PARTIAL').length;
  const cost = objectives * proposalSeconds(ended, parameters);
  const between = secondsBetweenTrials(history);
  if (between !== null && cost > AFFORDABLE * between) {
    return choice(
      'tpe',
      `trials end every ${shown(between)} s: a model that takes ${shown(cost)} s a proposal would hold them up`,
    );
  }

  const table = tableOf(history);
  const isStill = endedSinceNews(table, directions) >= Math.max(LONG, LONG_PER_PARAMETER * parameters);
  if (objectives > 1) {
    if (ended > MANY && isStill) {
      return choice('nsga2', `the front of ${ended} trials stands still: breeding goes on where a model sees no more`);
    }
    return choice('gp', `${objectives} objectives: a model of each finds their front in the fewest trials`);
  }
  const model = hasFidelities(history) ? 'mfgp' : 'gp';
  // Of trials that are ended early there are soon many, and little is known of each.
  const isPlenty = model === 'gp' && ended > PLENTY_PER_PARAMETER * parameters;
  // On a finite space a model proposes no point twice, and what it has not tried it knows best.
  if (total === Infinity && (isStill || isPlenty)) {
    const why = isStill ? 'no new best for long' : 'many trials are known';
    const due = methodDue(table, directions, [model, ...RIVALS]);
    return choice(due, `${why}: methods take turns by what they found of late`);
  }
  if (model === 'mfgp') {
    return choice('mfgp', 'trials are ended early or paused: what they came to on the way teaches too');
  }
  return choice('gp', 'a proposal is cheap beside a trial, and a model of the objective needs the fewest trials');
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
