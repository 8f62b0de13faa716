/**
 * Followers of the same points read them together: who asks for the same cursor gets the same read, as long as nothing
 * was stored since it began. Whether a follower may read is its own business, before every read.
 */
import type { WakeupSubscription } from '../../store/changes.js';
import type { MetricScope, TailRead } from '../../store/metrics/metric-store.js';
import type { Deps } from '../deps.js';
import { topicsOf } from './metric-topics.js';

/** Of one read: what a follower who does not read his socket holds in memory, a few times over. */
const LIMIT_POINTS = 10_000;

export interface SharedTail {
  /** Points after the cursor, at least all that were committed at the last hint. The result is shared: never change it. */
  read(after: string | null): Promise<TailRead>;
  /** Milliseconds to the next beat, in (0, `intervalMs`]: the same moment for all who follow these points. */
  untilBeat(intervalMs: number): number;
  close(): void;
}

interface Group {
  followers: number;
  readonly bornMs: number;
  readonly hints: WakeupSubscription;
  /** The last read that was begun, while it is under way or brought something. */
  latest: Reading | null;
}

interface Reading {
  readonly after: string | null;
  /** Hints heard before it began. */
  readonly hints: number;
  readonly tail: Promise<TailRead>;
}

const groupsOf = new WeakMap<Deps, Map<string, Group>>();

/** Joins those who follow the same keys of the same trials. Close it when done. */
export function shareTail(deps: Deps, scope: MetricScope, keys: readonly string[] | null): SharedTail {
  const groups = groupsOf.get(deps) ?? new Map<string, Group>();
  groupsOf.set(deps, groups);
  const name = JSON.stringify([scope, keys]);
  const group = groups.get(name) ?? {
    followers: 0,
    bornMs: deps.clock.monotonicMs(),
    hints: deps.wakeups.subscribe(topicsOf(scope)),
    latest: null,
  };
  groups.set(name, group);
  group.followers += 1;

  const begin = (after: string | null): Reading => {
    const tail = deps.metrics.readTail({ scope, keys, after, limitPoints: LIMIT_POINTS });
    const reading = { after, hints: group.hints.count, tail };
    const forget = () => {
      if (group.latest === reading) group.latest = null;
    };
    tail.then(({ moved }) => moved || forget(), forget);
    return reading;
  };
  return {
    read: (after) => {
      const isFresh = group.latest?.after === after && group.latest.hints === group.hints.count;
      if (group.latest === null || !isFresh) group.latest = begin(after);
      return group.latest.tail;
    },
    untilBeat: (intervalMs) => intervalMs - ((deps.clock.monotonicMs() - group.bornMs) % intervalMs),
    close: () => {
      group.followers -= 1;
      if (group.followers > 0) return;
      groups.delete(name);
      group.hints.close();
    },
  };
}
