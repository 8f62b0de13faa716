/** How often a search shall try its points, checked once and completed by defaults. Pure. */
import { PlatformError } from '../../domain/errors.js';
import type { Replicates } from '../../search/history.js';
import { checkCount } from '../check.js';

export interface ReplicatesInput {
  /** Trials that a contender gets in all; absent: 1. */
  readonly count?: number | null;
  /** Trials that every point gets; absent: 1. */
  readonly first?: number | null;
  /** Share of the points that are contenders; absent: 0.2. */
  readonly share?: number | null;
  readonly confirm?: { readonly top: number; readonly times: number } | null;
}

const MOST_TIMES = 1_000;
const SHARE = 0.2;

/** Null: each point is tried once. @throws INPUT_INVALID. */
export function checkReplicates(given: ReplicatesInput | null | undefined, objectives: number): Replicates | null {
  if (given === null || given === undefined) return null;
  if (objectives > 1)
    throw new PlatformError('INPUT_INVALID', 'replicates serve one objective: give one, or leave them out');
  const count = atLeastOne(given.count ?? 1, 'replicates.count');
  const first = atLeastOne(given.first ?? 1, 'replicates.first');
  const share = given.share ?? SHARE;
  if (first > count) throw new PlatformError('INPUT_INVALID', `replicates.first is more than count, which is ${count}`);
  if (!(share > 0 && share <= 1))
    throw new PlatformError('INPUT_INVALID', 'replicates.share must be above 0, at most 1');
  const confirm = given.confirm ?? null;
  if (count === 1 && confirm === null)
    throw new PlatformError('INPUT_INVALID', 'replicates asks for nothing: give a count above 1, or confirm');
  return {
    count,
    first,
    share,
    confirm: confirm && {
      top: atLeastOne(confirm.top, 'replicates.confirm.top'),
      times: atLeastOne(confirm.times, 'replicates.confirm.times'),
    },
  };
}

function atLeastOne(value: number, what: string): number {
  if (checkCount(value, what, MOST_TIMES) === 0) throw new PlatformError('INPUT_INVALID', `${what} must be at least 1`);
  return value;
}
