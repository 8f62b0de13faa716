import { createHash } from 'node:crypto';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { decodeChangeCursor, encodeChangeCursor } from '../../store/changes.js';
import type { Deps } from '../deps.js';
import { requireScope } from '../metric/places.js';
import { selectTrials } from '../trial/select-trials.js';
import { isEmpty, type TrialsDelta } from './beat.js';
import { liveTopics, MOST_CAUGHT_UP, type Place, type SharedMatches, shareMatches } from './shared-matches.js';

/** How long a lost wake-up can delay a change; how late one is that time alone brings about. */
const POLL_MS = { asChanged: 2_000, asTimePasses: 1_000 } as const;
const MIN_INTERVAL_MS = 250;
/** Who asks within this time of a beat shares it, unless there was a hint since. */
const SHARED_MS = 200;
export const TRIALS_PER_MESSAGE = 1_000;

export interface FollowTrialsInput {
  readonly experimentId: string;
  /** In the language of filters; absent: all trials. */
  readonly where?: string | null | undefined;
  /** A cursor of an earlier message with the same filter; absent: begins with all trials that match. */
  readonly after?: string | null | undefined;
  /** Messages begin in different stretches of this length; default 250 ms. */
  readonly minIntervalMs?: number | undefined;
  /** Who the caller is now: asked before every read. @throws when it may no longer. */
  readonly recheck?: (() => Promise<Principal>) | undefined;
}

/** `entered` and `updated` are upserts by id, and what is in `left` may not have been there. */
export interface TrialsMessage extends TrialsDelta {
  /** Forget all trials, then take this. */
  readonly reset: boolean;
  /** Whether the next message belongs to this one. */
  readonly more: boolean;
  /** Where to go on; null while there is more. */
  readonly cursor: string | null;
}

/**
 * The trials that match a filter: all of them, then what enters, changes and leaves as it is committed. After the last
 * message of a quiet moment the trials told are those that `listTrials` finds, also after a reconnect with a cursor. At most
 * 1,000 trials a message; a slow reader gets fewer and larger deltas, never a queue. Ends when `signal` aborts.
 * @throws NOT_FOUND, FORBIDDEN, FILTER_INVALID, CURSOR_INVALID also when the cursor is of another filter, CURSOR_EXPIRED
 */
export async function* followTrials(
  deps: Deps,
  principal: Principal,
  input: FollowTrialsInput,
  signal: AbortSignal,
): AsyncGenerator<TrialsMessage, void, undefined> {
  const minIntervalMs = input.minIntervalMs ?? MIN_INTERVAL_MS;
  const caller = async () => (input.recheck === undefined ? principal : input.recheck());
  const where = (input.where ?? '').trim();
  const selection = await selectTrials(deps, await caller(), { experimentId: input.experimentId, where });
  const { experimentId } = selection;
  const feed = `${experimentId}:trials:${createHash('sha256').update(where).digest('base64url').slice(0, 16)}`;
  const authorise = async () => requireScope(deps, await caller(), { experimentId });
  await authorise();
  const position = input.after ? decodeChangeCursor(feed, input.after, deps.clock.now(), deps.dayMs) : null;
  const cursorAt = ({ position }: Place) => encodeChangeCursor(feed, position, deps.clock.now());

  const hints = deps.wakeups.subscribe(liveTopics(experimentId));
  const matches = shareMatches(deps, selection, feed);
  try {
    let place: Place | null = null;
    let isFirst = true;
    while (!signal.aborted) {
      await authorise();
      let step = null;
      if (place !== null) {
        await matches.advance(SHARED_MS);
        step = matches.since(place);
      }
      const behind: Place['position'] | null = place?.position ?? position;
      if (step === null && behind !== null) step = await matches.catchUp(behind);
      if (step === null) {
        place = yield* tellAll(matches, authorise, cursorAt, signal);
      } else {
        place = step.place;
        if (isFirst || !isEmpty(step.delta)) yield* pagesOf(step.delta, cursorAt(place));
      }
      isFirst = false;
      if (signal.aborted) return;
      await deps.clock.sleep(matches.untilBeat(minIntervalMs), signal);
      const pollMs = matches.isTimed ? POLL_MS.asTimePasses : POLL_MS.asChanged;
      if (!signal.aborted) await hints.wait(matches.untilBeat(pollMs), signal);
    }
  } finally {
    matches.leave();
    hints.close();
  }
}

/** All trials of the set, page by page. Says where that was. */
async function* tellAll(
  matches: SharedMatches,
  authorise: () => Promise<void>,
  cursorAt: (place: Place) => string,
  signal: AbortSignal,
): AsyncGenerator<TrialsMessage, Place, undefined> {
  const { place, numbers } = await matches.start();
  let at = 0;
  do {
    if (at > 0) await authorise();
    const page = numbers.slice(at, at + TRIALS_PER_MESSAGE);
    const entered = page.length === 0 ? [] : byNumber(await matches.read(page));
    const isFirst = at === 0;
    at += TRIALS_PER_MESSAGE;
    const more = at < numbers.length;
    yield { reset: isFirst, entered, updated: [], left: [], more, cursor: more ? null : cursorAt(place) };
  } while (at < numbers.length && !signal.aborted);
  return place;
}

/** A delta in messages of bounded size. */
function* pagesOf({ entered, updated, left }: TrialsDelta, cursor: string): Generator<TrialsMessage> {
  const told: readonly (readonly ['entered' | 'updated', Trial])[] = [
    ...entered.map((trial) => ['entered', trial] as const),
    ...updated.map((trial) => ['updated', trial] as const),
  ];
  const pages = Math.max(1, Math.ceil(told.length / TRIALS_PER_MESSAGE), Math.ceil(left.length / MOST_CAUGHT_UP));
  for (let i = 0; i < pages; i++) {
    const trials = told.slice(i * TRIALS_PER_MESSAGE, (i + 1) * TRIALS_PER_MESSAGE);
    const more = i + 1 < pages;
    yield {
      reset: false,
      entered: trials.filter(([how]) => how === 'entered').map(([, trial]) => trial),
      updated: trials.filter(([how]) => how === 'updated').map(([, trial]) => trial),
      left: left.slice(i * MOST_CAUGHT_UP, (i + 1) * MOST_CAUGHT_UP) as TrialId[],
      more,
      cursor: more ? null : cursor,
    };
  }
}

function byNumber(trials: readonly Trial[]): Trial[] {
  return [...trials].sort((a, b) => a.number - b.number);
}
