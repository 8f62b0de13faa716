/**
 * The trials that match a filter, kept by all who follow it: one set, moved on by whoever asks first and read by the others.
 * Each beat judges what was touched since the one before, so that its cost follows the changes. Whether a follower may read
 * is its own business, before every read.
 */
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import type { FilterNode } from '../../domain/trial-filter.js';
import { changeHorizon, type FeedPosition, type WakeupSubscription } from '../../store/changes.js';
import { type JudgedTrial, judgeTrials, matchingNumbers, readTouched } from '../../store/queries/touched-trials.js';
import type { TrialSelection } from '../../store/queries/trial-where.js';
import type { Deps } from '../deps.js';
import { experimentMetricsTopic } from '../metric/metric-topics.js';
import { type BeatChange, type BeatChanges, mergeBeats, type TrialsDelta } from './beat.js';
import { NumberSet } from './number-set.js';

/** Who is later than this many beats, or changes in them, catches up as after a lost connection. */
const KEPT_BEATS = 16;
const KEPT_CHANGES = 4_000;
const JUDGED_AT_ONCE = 5_000;
/** More touches than this since a cursor, and its holder starts anew. */
export const MOST_CAUGHT_UP = 10_000;

/** Where a follower stands: after this many beats, at this position of the feed. */
export interface Place {
  readonly beat: number;
  readonly position: FeedPosition;
}

/** What topics tell that a trial of the experiment was touched. */
export function liveTopics(experimentId: ExperimentId): string[] {
  return [`experiment:${experimentId}`, experimentMetricsTopic(experimentId)];
}

const groupsOf = new WeakMap<Deps, Map<string, SharedMatches>>();

/** Joins those who follow the same filter. Call `leave` when done. */
export function shareMatches(deps: Deps, selection: TrialSelection, name: string): SharedMatches {
  const groups = groupsOf.get(deps) ?? new Map<string, SharedMatches>();
  groupsOf.set(deps, groups);
  const known = groups.get(name);
  const group = known ?? new SharedMatches(deps, selection, () => groups.get(name) === group && groups.delete(name));
  if (known === undefined) groups.set(name, group);
  group.followers += 1;
  return group;
}

export class SharedMatches {
  followers = 0;
  readonly #deps: Deps;
  readonly #selection: TrialSelection;
  readonly #onEnd: () => void;
  readonly #bornMs: number;
  readonly #hints: WakeupSubscription;
  readonly #isTimed: boolean;
  #state: { readonly set: NumberSet; place: Place; seen: ReadonlySet<string> } | null = null;
  #beats: BeatChanges[] = [];
  #work: Promise<unknown> = Promise.resolve();
  #queued: Promise<void> | null = null;
  #latest: { readonly hints: number; readonly begunMs: number } | null = null;

  constructor(deps: Deps, selection: TrialSelection, onEnd: () => void) {
    this.#deps = deps;
    this.#selection = selection;
    this.#onEnd = onEnd;
    this.#bornMs = deps.clock.monotonicMs();
    this.#hints = deps.wakeups.subscribe(liveTopics(selection.experimentId));
    this.#isTimed = selection.where !== null && namesDuration(selection.where);
  }

  /** Whether trials come and go as time passes, without a change. */
  get isTimed(): boolean {
    return this.#isTimed;
  }

  /** Milliseconds to the next moment at which all who follow these trials look together, in (0, `intervalMs`]. */
  untilBeat(intervalMs: number): number {
    return intervalMs - ((this.#deps.clock.monotonicMs() - this.#bornMs) % intervalMs);
  }

  /**
   * Moves the set on to at least all that was committed at the last hint, and to a moment less than `freshMs` ago. Who asks
   * while a beat has not begun yet shares it.
   */
  async advance(freshMs: number): Promise<void> {
    const { clock } = this.#deps;
    if (this.#queued !== null) return this.#queued;
    const isFresh = this.#latest?.hints === this.#hints.count && clock.monotonicMs() - this.#latest.begunMs < freshMs;
    if (isFresh) {
      await this.#work;
      return;
    }
    this.#queued = this.#alone(async () => {
      this.#queued = null;
      this.#latest = { hints: this.#hints.count, begunMs: clock.monotonicMs() };
      await this.#beat();
    });
    return this.#queued;
  }

  /** The numbers in the set now, and where that is. */
  start(): Promise<{ readonly place: Place; readonly numbers: readonly number[] }> {
    return this.#alone(async () => {
      const { set, place } = await this.#beat();
      return { place, numbers: set.numbers() };
    });
  }

  /** What the beats since the place changed; null when they are forgotten. */
  since(place: Place): { readonly place: Place; readonly delta: TrialsDelta } | null {
    const now = this.#state?.place ?? place;
    const missed = now.beat - place.beat;
    if (missed > this.#beats.length) return null;
    return { place: now, delta: mergeBeats(missed === 0 ? [] : this.#beats.slice(-missed)) };
  }

  /**
   * The state in the set of every trial that was touched since the position: `entered` when it is in, else `left`; or null
   * when they are too many. Whoever had the set of that position has this one then (README.md).
   * @throws CURSOR_EXPIRED after a failover or restore
   */
  catchUp(since: FeedPosition): Promise<{ readonly place: Place; readonly delta: TrialsDelta } | null> {
    return this.#alone(async () => {
      const { set, place } = await this.#beat();
      const { read } = this.#deps.database;
      const { experimentId } = this.#selection;
      const { touches } = await readTouched(read, { experimentId, since, limit: MOST_CAUGHT_UP + 1 });
      if (touches.length > MOST_CAUGHT_UP) return null;
      const ids = new Set(touches.map(({ trialId }) => trialId));
      const judged = await this.#judge([...ids]);
      for (const { id } of judged) ids.delete(id);
      const entered = judged.filter(({ number }) => set.has(number)).map(asTrial);
      const gone = judged.filter(({ number }) => !set.has(number)).map(({ id }) => id);
      return { place, delta: { entered, updated: [], left: [...gone, ...ids] } };
    });
  }

  /** Those of the trials that match now. */
  async read(numbers: readonly number[]): Promise<Trial[]> {
    const judged = await judgeTrials(this.#deps.database.read, this.#selectionNow(), { numbers });
    return judged.filter(({ matches }) => matches).map(asTrial);
  }

  leave(): void {
    this.followers -= 1;
    if (this.followers > 0) return;
    this.#onEnd();
    this.#hints.close();
  }

  /** One after the other. What fails ends the group: its followers begin again, in a new one. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    done.catch(() => this.#onEnd());
    return done;
  }

  /** The set as it stands after what was touched since it was last looked at. */
  async #beat(): Promise<{ readonly set: NumberSet; readonly place: Place }> {
    this.#state ??= await this.#load();
    const { set, place, seen } = this.#state;
    const { experimentId } = this.#selection;
    const { touches, next } = await readTouched(this.#deps.database.read, {
      experimentId,
      since: place.position,
      limit: null,
    });
    const touched = new Set(touches.filter(({ mark }) => !seen.has(mark)).map(({ trialId }) => trialId));
    const changes = new Map<TrialId, BeatChange>();
    const judged = await this.#judge([...touched]);
    const isThere = new Set(judged.map(({ id }) => id));
    for (const row of judged) {
      const was = set.has(row.number);
      if (was !== row.matches || (was && touched.has(row.id)))
        changes.set(row.id, { was, trial: row.matches ? asTrial(row) : null });
      set.put(row.number, row.matches);
    }
    for (const id of touched) if (!isThere.has(id)) changes.set(id, { was: true, trial: null });

    const beat = changes.size > 0 ? place.beat + 1 : place.beat;
    if (changes.size > 0) this.#keep(changes);
    this.#state.place = { beat, position: next };
    this.#state.seen = new Set(touches.filter(({ isAhead }) => isAhead).map(({ mark }) => mark));
    return { set, place: this.#state.place };
  }

  /** The position is older than the set: what was committed between the two is judged again by the first beat. */
  async #load() {
    const { read } = this.#deps.database;
    const position = await changeHorizon(read);
    const set = new NumberSet(await matchingNumbers(read, this.#selectionNow()));
    return { set, place: { beat: 0, position }, seen: new Set<string>() };
  }

  /** The trials, and those that time may have moved. */
  async #judge(ids: readonly TrialId[]): Promise<JudgedTrial[]> {
    const { read } = this.#deps.database;
    const selection = this.#selectionNow();
    const judged = new Map<TrialId, JudgedTrial>();
    for (let at = 0; at < Math.max(1, ids.length); at += JUDGED_AT_ONCE) {
      const some = { ids: ids.slice(at, at + JUDGED_AT_ONCE), withOpen: this.#isTimed && at === 0 };
      for (const row of await judgeTrials(read, selection, some)) judged.set(row.id, row);
    }
    return [...judged.values()];
  }

  #keep(changes: BeatChanges): void {
    this.#beats.push(changes);
    let kept = this.#beats.reduce((n, { size }) => n + size, 0);
    while (this.#beats.length > KEPT_BEATS || (kept > KEPT_CHANGES && this.#beats.length > 1))
      kept -= this.#beats.shift()?.size ?? 0;
  }

  #selectionNow(): TrialSelection {
    return { ...this.#selection, now: this.#deps.clock.now() };
  }
}

function asTrial({ matches: _matches, ...trial }: JudgedTrial): Trial {
  return trial;
}

function namesDuration(node: FilterNode): boolean {
  if ('nodes' in node) return node.nodes.some(namesDuration);
  if ('node' in node) return namesDuration(node.node);
  return 'field' in node && node.field.of === 'column' && node.field.column === 'duration';
}
