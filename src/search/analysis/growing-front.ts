/**
 * A Pareto front that is kept while trials end, so that one trial more costs one pass over the front and not over the
 * experiment. Knows no history: values are minimised where it is fed.
 */

import { dominates, type Values } from '../math/fronts.js';
import { exclusive, referenceOf } from '../math/hypervolume.js';

/** A trial that has ended; `values` null: one that never counts, such as a failed or infeasible one. */
export interface EndedTrial {
  readonly number: number;
  readonly values: Values | null;
}

export interface FrontMember {
  readonly number: number;
  /** Finite, all minimised. [m] */
  readonly values: Values;
  /** How many trials had ended when it had. */
  readonly ended: number;
}

export interface GrowingFront {
  /** Those that none dominates, equals together, in the order of ends. */
  readonly members: readonly FrontMember[];
  /** All that were of the front, and better than it by some volume, when they ended; in that order. */
  readonly entrants: readonly FrontMember[];
  /** How many trials have ended. */
  readonly ended: number;
}

export const NO_FRONT: GrowingFront = { members: [], entrants: [], ended: 0 };

/** The front after these trials have ended too, in this order. O(trials x front). */
export function growFront(before: GrowingFront, trials: readonly EndedTrial[]): GrowingFront {
  let members = before.members;
  const entrants: FrontMember[] = [];
  trials.forEach(({ number, values }, i) => {
    if (values === null || members.some((other) => dominates(other.values, values))) return;
    const member = { number, values, ended: before.ended + i + 1 };
    if (!members.some((other) => other.values.every((value, o) => value === values[o]))) entrants.push(member);
    members = [...members.filter((other) => !dominates(values, other.values)), member];
  });
  const ended = before.ended + trials.length;
  return { members, entrants: entrants.length === 0 ? before.entrants : [...before.entrants, ...entrants], ended };
}

/** The reference point of a front: a tenth beyond its worst values; empty without a front. [m] */
export function referenceOfFront({ members }: GrowingFront): Values {
  return referenceOf(members.map(({ values }) => values));
}

/** The volume that was dominated after each entrant, up to a reference, one at a time: >= 0, never falling. */
export function* volumesOf(entrants: readonly FrontMember[], reference: Values): Generator<number, void, undefined> {
  let front: readonly Values[] = [];
  let volume = 0;
  for (const { values } of entrants) {
    volume += exclusive(values, front, reference);
    front = [...front.filter((other) => !dominates(values, other)), values];
    yield volume;
  }
}
