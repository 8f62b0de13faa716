/**
 * Points that are tried again with other seeds. A rule beside the samplers and before them: a function of the history, so that
 * replay holds. Every point gets its first trials; the best get more of them, and the end of the budget confirms the very best.
 */

import {
  type Direction,
  type History,
  type HistoryTrial,
  isPaused,
  nextNumber,
  REPLICATE,
  type Replicates,
} from './history.js';
import { hashText } from './math/hash.js';
import type { Rng } from './math/rng.js';
import type { Proposal } from './samplers/proposal.js';
import { pendingTrial, type Sampler } from './samplers/sampler.js';
import { key } from './space/key.js';
import type { Params } from './space/parameter.js';
import { isTaken, standingOf, violation } from './standing.js';

/** What a sampler suggests, with trials at points of before in between where the rule wants them. */
export function suggestWithReplicates(
  sampler: Sampler,
  history: History,
  rule: Replicates,
  count: number,
  rng: Rng,
): readonly Proposal[] {
  const answers: Proposal[] = [];
  let known = history;
  while (answers.length < count) {
    const points = pointsOf(known);
    const proposal =
      again(known, rule, points, false) ?? sampler.suggest(known, 1, rng)[0] ?? again(known, rule, points, true);
    if (proposal === null || proposal === undefined) break;
    answers.push(proposal);
    known = { ...known, trials: [...known.trials, pendingTrial(nextNumber(known), proposal)] };
  }
  return answers;
}

/** What a trial seeds its randomness with: 31 bits, the same for the same place at every point of an experiment. */
export function replicateSeed(seed: string, replicate: number): number {
  return hashText(`${seed}/replicate/${replicate}`) >>> 1;
}

/** All trials at one point. */
interface Point {
  readonly params: Params;
  /** Number of the first one. */
  readonly number: number;
  /** Pending, or ended by what the point is to blame for. */
  taken: number;
  /** Sum of the first objective, minimised, over the observed ones. */
  sum: number;
  observed: number;
  /** Whether one failed, was stopped, is infeasible or has an infinite value: more of the same is not worth a trial. */
  isSpoilt: boolean;
}

/** By the number of their first trial. */
function pointsOf({ trials, directions }: History): readonly Point[] {
  const points = new Map<string, Point>();
  for (const trial of [...trials].sort((a, b) => a.number - b.number)) {
    if (trial.number < 0) continue; // of another experiment: with seeds of its own
    const name = key(trial.params);
    const { params, number } = trial;
    const point = points.get(name) ?? { params, number, taken: 0, sum: 0, observed: 0, isSpoilt: false };
    points.set(name, point);
    add(point, trial, directions);
  }
  return [...points.values()];
}

function add(point: Point, trial: HistoryTrial, directions: readonly Direction[]): void {
  const standing = standingOf(trial, directions.length);
  if (isTaken(trial)) point.taken += 1;
  if (standing === 'OBSERVED' && violation(trial) === 0) {
    point.observed += 1;
    point.sum += (directions[0] === 'maximize' ? -1 : 1) * (trial.values?.[0] ?? 0);
  } else if (standing !== 'PENDING' && !isPaused(trial) && isTaken(trial)) point.isSpoilt = true;
}

/** The next trial at a point of before, null when none is wanted now; `isOver`: nothing new will ever be tried. */
function again(history: History, rule: Replicates, points: readonly Point[], isOver: boolean): Proposal | null {
  const begun = points.find((point) => !point.isSpoilt && point.taken > 0 && point.taken < rule.first);
  if (begun !== undefined) return proposalOf(begun, 'LISTED', `every point is tried ${rule.first} times`);

  const ranked = points
    .filter((point) => !point.isSpoilt && point.observed >= rule.first)
    .sort((a, b) => a.sum / a.observed - b.sum / b.observed || a.number - b.number);
  const confirmed = toConfirm(history, rule, ranked, isOver);
  if (confirmed !== null) return confirmed;
  const contender = ranked.slice(0, Math.floor(rule.share * ranked.length)).find(({ taken }) => taken < rule.count);
  if (contender === undefined) return null;
  return proposalOf(contender, 'EXPLOIT', `the best points are tried ${rule.count} times`);
}

/** Once no more of the budget is left than the best points still need. */
function toConfirm(
  history: History,
  { confirm }: Replicates,
  ranked: readonly Point[],
  isOver: boolean,
): Proposal | null {
  if (confirm === null) return null;
  const top = ranked.slice(0, confirm.top);
  const wanted = top.reduce((sum, { taken }) => sum + Math.max(0, confirm.times - taken), 0);
  const left = isOver ? 0 : (history.budget ?? Infinity) - nextNumber(history);
  const point = top.find(({ taken }) => taken < confirm.times);
  if (point === undefined || left > wanted) return null;
  return proposalOf(point, 'EXPLOIT', `the best ${confirm.top} points are tried ${confirm.times} times in the end`);
}

function proposalOf({ params, number, taken }: Point, phase: 'LISTED' | 'EXPLOIT', why: string): Proposal {
  const reason = `Trial ${number} again with another seed, time ${taken + 1}: ${why}.`;
  return { params, by: REPLICATE, explanation: { phase, reason }, point: number };
}
