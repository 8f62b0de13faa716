/** The brackets of Hyperband, and which trial is in which: a function of its number. */

import type { History } from '../history.js';
import { hashToUnit } from '../math/hash.js';
import { type Ladder, type LadderOptions, ladderOf } from './ladder.js';

export interface Brackets {
  /** The most patient first, whose ladder has no rung. */
  readonly ladders: readonly Ladder[];
  /** The ladder of a trial, always the same object. */
  readonly of: (trialNumber: number) => Ladder;
}

/**
 * Bracket s = 0 … s_max = floor(log_eta(R/r)) starts at R eta^-s and has a share of the trials in proportion to
 * ceil((s_max + 1) eta^s / (s + 1)). Null while R is not known.
 * @source Li et al., Hyperband, JMLR 18 (2018), algorithm 1.
 */
export function bracketsOf(options: LadderOptions, history: History): Brackets | null {
  const widest = ladderOf(options, history);
  if (widest === null || widest.end === Infinity) return null;
  const { first, eta, end } = widest;
  const ladders: Ladder[] = [{ first: end, eta, end }];
  // By division, since powers would miss whole steps by a rounding error.
  for (let start = end / eta; start >= first; start /= eta) ladders.push({ first: start, eta, end });
  const shares = ladders.map((_, s) => Math.ceil((ladders.length * eta ** s) / (s + 1)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return {
    ladders,
    of: (number) => {
      let rest = hashToUnit(`${history.seed}/${number}`) * total;
      const s = shares.findIndex((share) => {
        rest -= share;
        return rest < 0;
      });
      return ladders[s] ?? widest;
    },
  };
}
