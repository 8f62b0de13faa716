/** Population-based training: at intervals the worst end, and copies of the best go on in their place with changed params. */

import type { History, HistoryTrial, TrialState } from '../../history.js';
import { lastStep } from '../ladder.js';
import { brief, goOn, halt, isNaNAt, type Judged, signOf, type Verdict } from '../pruner.js';
import { type RungResult, resultAt } from '../rungs.js';
import { explore } from './explore.js';
import { defineScheduler, type Offspring } from './scheduler.js';

/**
 * A trial is compared at each mark (a multiple of `interval`) with what had been reported there up to the position of its own
 * report. Until the next proposal, pause or end that may still grow, and a trial that was let go on may end at a later report:
 * of trials in step the first to report would never be compared otherwise, and an end costs little where a copy of a better
 * one goes on. The k-th pruned trial, in the order of their ends, is replaced by the k-th offspring, whose parent is drawn among
 * the best at the mark. The lineage through `parent` is the schedule that was learnt.
 * @source Jaderberg et al., Population based training of neural networks, 2017, arXiv:1711.09846, algorithm 1.
 */
export const pbt = defineScheduler({
  kind: 'pbt',
  summary:
    'Replaces the worst trials by changed copies of the best while they train: learns schedules; needs checkpoints.',
  source: 'Jaderberg et al., Population based training of neural networks, 2017, arXiv:1711.09846',
  options: [
    { name: 'interval', type: 'int', default: 5, min: 1, doc: 'Steps between comparisons.' },
    {
      name: 'quantile',
      type: 'float',
      default: 0.25,
      min: 0.01,
      max: 0.5,
      doc: 'The share of the trials at a mark that are replaced, and that are copied.',
    },
    {
      name: 'resample',
      type: 'float',
      default: 0.25,
      min: 0,
      max: 1,
      doc: 'The chance of each parameter of a copy to be drawn anew; else numbers change by a fifth, others to a neighbour.',
    },
  ],
  judge: ({ interval, quantile }, history, judged) => judgeAtMark(interval, quantile, history, judged),
  resume: ({ interval, quantile, resample }, history, free, rng) => {
    const children = history.trials.filter((trial) => trial.parent !== undefined).length;
    const replaced = history.trials.filter(({ state, number }) => state === 'PRUNED' && number >= 0).sort(byEnd);
    const offspring: Offspring[] = [];
    for (const trial of replaced.slice(children, children + free)) {
      const draws = rng.fork('pbt').fork(String(trial.number));
      const mark = markAt(interval, trial);
      const parents = mark === null ? [] : bestAt(mark, quantile, history, trial);
      const parent = parents[Math.floor(draws.next() * parents.length)];
      // Later ones wait too, or the next to be replaced would be another when asked again.
      if (parent === undefined) break;
      const reason = `replaces trial ${trial.number} from the checkpoint of trial ${parent.trial.number}, which had ${brief(parent.report)} at step ${mark}`;
      const params = explore(history.space, parent.trial.params, resample, draws);
      offspring.push({ params, parent: parent.trial.number, reason });
    }
    return offspring;
  },
});

function judgeAtMark(interval: number, quantile: number, history: History, { trial, step }: Judged): Verdict {
  const mark = markAt(interval, trial);
  const own = mark === null ? null : resultAt(trial, mark, signOf(history));
  if (mark === null || own === null) return goOn(`step ${step} is below the first mark`);
  if (Number.isNaN(own.report)) return isNaNAt(mark, mark);

  const known = standingAt(mark, history).filter((other) => other.trial === trial || other.at <= own.at);
  const better = known.filter((other) => other.value < own.value).length;
  const places = Math.floor(quantile * known.length);
  const facts = `${better} of ${known.length} are better than ${brief(own.report)} at step ${mark}`;
  return places > 0 && better >= known.length - places ? halt('EXPLOIT', facts, mark) : goOn(facts, mark);
}

/** The last mark that a trial has passed itself, and not its parent before it; null when there is none. */
function markAt(interval: number, trial: HistoryTrial): number | null {
  const mark = Math.floor(lastStep(trial) / interval) * interval;
  return mark >= interval && hasPassed(trial, mark) ? mark : null;
}

function hasPassed(trial: HistoryTrial, mark: number): boolean {
  return trial.parent === undefined || (trial.steps[0] ?? Infinity) < mark;
}

/** The results of all trials that have passed a mark themselves. */
function standingAt(mark: number, history: History): readonly RungResult[] {
  const sign = signOf(history);
  return history.trials
    .filter((trial) => hasPassed(trial, mark))
    .map((trial) => resultAt(trial, mark, sign))
    .filter((result) => result !== null);
}

const ALIVE: ReadonlySet<TrialState> = new Set(['WAITING', 'RUNNING', 'COMPLETED']);

/** Whom to copy: the best share at the mark, without those that ended early, whose checkpoints were given up. */
function bestAt(mark: number, quantile: number, history: History, replaced: HistoryTrial): readonly RungResult[] {
  const results = standingAt(mark, history).filter(({ trial }) => trial !== replaced);
  // Of another experiment's trials, which have negative numbers, there is no checkpoint here.
  const alive = results.filter(
    ({ trial, report }) => !Number.isNaN(report) && ALIVE.has(trial.state) && trial.number >= 0,
  );
  alive.sort((a, b) => (a.value === b.value ? a.trial.number - b.trial.number : a.value < b.value ? -1 : 1));
  return alive.slice(0, Math.max(1, Math.floor(quantile * results.length)));
}

function byEnd(a: HistoryTrial, b: HistoryTrial): number {
  const [first, second] = [a.endedAt ?? Infinity, b.endedAt ?? Infinity];
  return first === second ? a.number - b.number : first < second ? -1 : 1;
}
