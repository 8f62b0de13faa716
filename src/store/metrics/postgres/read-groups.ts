/**
 * The read behind charts of groups: every trial of every group, roll-ups where they are fine enough, else chunks, and what
 * the log still holds; page by page over the trials, each read once. Must run in one snapshot, as `readSeries`. The grid of a key only
 * grows: what later trials need be read no finer than the earlier ones made it.
 */
import { setImmediate } from 'node:timers/promises';
import { PlatformError } from '../../../domain/errors.js';
import type { TrialId } from '../../../domain/ids.js';
import type { Sql } from '../../database.js';
import { groupBy } from '../../streams/group-by.js';
import { type GroupColumns, type GroupsQuery, METRIC_LIMITS } from '../metric-store.js';
import { chartWidth, planStream } from './chart-plan.js';
import { KeyGroups } from './group-columns.js';
import { MemberGrid } from './member-grid.js';
import { readChunkHeads, readGroups as readRollups, type Source, takeCompacted } from './read-compacted.js';
import { keyNames } from './read-metrics.js';
import { readStreams, readStretches, type StreamRow, type Stretch } from './read-points.js';
import { readLogs } from './read-series.js';
import { pointsOf } from './take-points.js';
import { pick, type Window } from './window.js';

/** Buckets, over trials and keys, that are collected at once: some milliseconds and some 10 MB. */
const BUCKETS_PER_PAGE = 25_000;
const TRIALS_PER_PAGE = 1_000;
const LOG_POINTS_PER_TURN = 30_000;

/** A trial that has points: its streams with what the log holds of them. */
interface Member {
  readonly group: number;
  readonly logs: readonly Stretch[];
  /** Points of all keys. */
  readonly points: number;
}

/** The newest attempt of a trial that has points of a key. */
interface Newest {
  readonly group: number;
  readonly keyId: number;
  readonly attempt: number;
  readonly grid: MemberGrid;
}

/** What is collected of one slice of the keys. */
interface Work {
  readonly sql: Sql;
  readonly window: Window;
  readonly maxPoints: number;
  readonly keys: ReadonlyMap<number, KeyGroups>;
  readonly budget: Budget;
}

/** What one read may still do. */
interface Budget {
  points: number;
  readonly cells: number;
}

/** Per group its columns per key. Of a trial counts, key by key, the newest attempt that has points of the key. */
export async function readGroups(sql: Sql, query: GroupsQuery): Promise<GroupColumns[][]> {
  const { groups, maxPoints, quantiles } = query;
  const window = checked(query);
  const members = await readMembers(sql, groups);
  const streams = members.flatMap(({ logs }) => logs.map(({ stream }) => stream));
  const names = await keyNames(sql, streams.slice(0, 1), query.keys);
  const budget = { points: METRIC_LIMITS.pointsPerGroupRead, cells: METRIC_LIMITS.cellsPerGroupRead };

  const finished = new Map<string, GroupColumns[]>();
  for (const slice of slices([...names], members, maxPoints)) {
    const keys = new Map(slice.map(([id]) => [id, new KeyGroups(groups.length, maxPoints)]));
    const work: Work = { sql, window, maxPoints, keys, budget };
    for (const page of pagesOf(members, keys.size * maxPoints)) await takePage(work, page);
    for (const [id, key] of slice) {
      const own = keys.get(id) as KeyGroups; // made above
      finished.set(key, await inTurns(own.finish(key, quantiles)));
      keys.delete(id);
    }
  }
  return groups.map((_, i) => query.keys.map((key) => finished.get(key)?.[i] ?? without(key, quantiles)));
}

/** @throws INPUT_INVALID, LIMIT_EXCEEDED */
function checked({ groups, maxPoints, quantiles, fromStep, toStep }: GroupsQuery): Window {
  const { groupsPerRead, trialsPerGroupRead, bucketsPerGroupRead, quantilesPerRead } = METRIC_LIMITS;
  const trials = groups.reduce((sum, own) => sum + own.length, 0);
  if (groups.length > groupsPerRead)
    throw tooMuch(`at most ${groupsPerRead} groups can be read at once`, groupsPerRead);
  if (trials > trialsPerGroupRead)
    throw tooMuch(`at most ${trialsPerGroupRead} trials can be read in groups; filter them`, trialsPerGroupRead);
  if (quantiles.length > quantilesPerRead)
    throw tooMuch(`at most ${quantilesPerRead} quantiles can be asked for`, quantilesPerRead);
  const odd = quantiles.find((p) => !(p >= 0 && p <= 1));
  if (odd !== undefined) throw new PlatformError('INPUT_INVALID', `a quantile must be from 0 to 1, not ${odd}`);
  if (!Number.isSafeInteger(maxPoints) || maxPoints < 2 || maxPoints > bucketsPerGroupRead)
    throw new PlatformError('INPUT_INVALID', `maxPoints must be an integer from 2 to ${bucketsPerGroupRead}`);
  const window = { from: fromStep ?? Number.NEGATIVE_INFINITY, to: toStep ?? Number.POSITIVE_INFINITY };
  const isStep = (step: number | null | undefined) => step === null || step === undefined || Number.isSafeInteger(step);
  if (isStep(fromStep) && isStep(toStep) && window.from <= window.to) return window;
  const message = 'fromStep and toStep must be whole numbers, the first not above the second';
  throw new PlatformError('INPUT_INVALID', message);
}

/** The trials that have any point, group by group. */
async function readMembers(sql: Sql, groups: readonly (readonly TrialId[])[]): Promise<Member[]> {
  const streams = await readStreams(sql, { trialIds: groups.flat() });
  const logs = groupBy(await readLogs(sql, streams), ({ stream }) => stream.trialId);
  return groups.flatMap((trialIds, group) =>
    trialIds.flatMap((id) => {
      const own = logs.get(id);
      return own === undefined ? [] : [{ group, logs: own, points: own.reduce((sum, { to }) => sum + to, 0) }];
    }),
  );
}

/** Keys as many at a time as memory allows: the log is read again for each slice. */
function* slices<Key>(keys: readonly Key[], members: readonly Member[], maxPoints: number): Generator<readonly Key[]> {
  const cells = members.reduce((sum, { points }) => sum + Math.min(maxPoints, points), 0);
  const length = Math.max(1, Math.floor(METRIC_LIMITS.cellsPerGroupRead / Math.max(1, cells)));
  for (let at = 0; at < keys.length; at += length) yield keys.slice(at, at + length);
}

/** Members in pages of bounded buckets; `most`: buckets that one member can have. */
function* pagesOf(members: readonly Member[], most: number): Generator<readonly Member[]> {
  let page: Member[] = [];
  let room = BUCKETS_PER_PAGE;
  for (const member of members) {
    const cost = Math.min(most, member.points);
    if (page.length > 0 && (cost > room || page.length === TRIALS_PER_PAGE)) {
      yield page;
      page = [];
      room = BUCKETS_PER_PAGE;
    }
    page.push(member);
    room -= cost;
  }
  if (page.length > 0) yield page;
}

async function takePage(work: Work, page: readonly Member[]): Promise<void> {
  const { sql, keys, budget, window, maxPoints } = work;
  const groupOf = new Map(page.map(({ group, logs }) => [logs[0]?.stream.trialId, group]));
  const newest = new Map<string, Newest>();
  /** Where points of the stream go; null when a newer attempt has points of the key. */
  const gridFor = (stream: StreamRow, keyId: number): MemberGrid | null => {
    const id = `${stream.trialId}/${keyId}`;
    const known = newest.get(id);
    if (known !== undefined && known.attempt >= stream.attempt)
      return known.attempt === stream.attempt ? known.grid : null;
    const grid = new MemberGrid(keys.get(keyId)?.width ?? 1, maxPoints);
    newest.set(id, { group: groupOf.get(stream.trialId) ?? 0, keyId, attempt: stream.attempt, grid });
    return grid;
  };

  const logs = page.flatMap((member) => member.logs);
  const streams = logs.map(({ stream }) => stream);
  const sources = await readChunkHeads(sql, streams, [...keys.keys()]);
  for (const { stream, keyId } of sources) gridFor(stream, keyId);
  // The log first: it may show that an attempt with chunks is not the newest, and its grid is not to be made wider for it.
  const wanted = new Set(keys.keys());
  for (const part of turnsOf(logs)) {
    spend(
      budget,
      part.reduce((sum, { from, to }) => sum + to - from, 0),
    );
    await readStretches(sql, part, wanted, ({ stream }, { keyId, ...columns }) => {
      const grid = gridFor(stream, keyId);
      if (grid === null) return;
      const { steps, values } = pick(columns, window);
      grid.addPoints(steps, values);
    });
  }
  await takeChunks(
    work,
    sources.filter(({ stream, keyId }) => gridFor(stream, keyId) !== null),
    gridFor,
  );
  await bringTogether(work, newest.values());
}

/** Adds the compacted points of the sources to their grids. */
async function takeChunks(
  { sql, keys, budget, window, maxPoints }: Work,
  sources: readonly Source[],
  gridFor: (stream: StreamRow, keyId: number) => MemberGrid | null,
): Promise<void> {
  await readRollups(sql, sources, window);
  const plans = [...groupBy(sources, ({ keyId }) => keyId)].flatMap(([keyId, own]) => {
    const needed = chartWidth(
      own.map(({ groups }) => groups),
      maxPoints,
    );
    const width = Math.max(keys.get(keyId)?.width ?? 1, needed);
    return own.map((source) => {
      gridFor(source.stream, keyId)?.widenTo(width);
      return { source, plan: planStream(source.groups, width, source.gaps, window) };
    });
  });
  spend(
    budget,
    plans.reduce((sum, plan) => sum + pointsOf(plan), 0),
  );
  await takeCompacted(sql, plans, ({ stream, keyId }, part) => {
    const grid = gridFor(stream, keyId);
    if ('places' in part) grid?.addBuckets(part);
    else grid?.addPoints(part.steps, part.values);
  });
}

async function bringTogether({ keys, budget }: Work, newest: Iterable<Newest>): Promise<void> {
  let taken = 0;
  for (const { group, keyId, grid } of newest) {
    const own = keys.get(keyId);
    own?.add(group, grid.columns());
    if (own !== undefined && own.cells > budget.cells) {
      const message = `these trials have more than ${budget.cells} numbers in the buckets of one metric; ask for fewer trials or a smaller maxPoints`;
      throw tooMuch(message, budget.cells);
    }
    taken += grid.size;
    if (taken < BUCKETS_PER_PAGE / 2) continue;
    await setImmediate();
    taken = 0;
  }
}

/** Stretches in parts of bounded size; a long one is cut. */
function* turnsOf(logs: readonly Stretch[]): Generator<readonly Stretch[]> {
  let part: Stretch[] = [];
  let room = LOG_POINTS_PER_TURN;
  for (const { stream, from, to } of logs) {
    for (let at = from; at < to; ) {
      const end = Math.min(to, at + room);
      part.push({ stream, from: at, to: end });
      room -= end - at;
      at = end;
      if (room > 0) continue;
      yield part;
      part = [];
      room = LOG_POINTS_PER_TURN;
    }
  }
  if (part.length > 0) yield part;
}

/** What the generator returns, with others served at each of its yields. */
async function inTurns<Result>(work: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await setImmediate();
  }
}

/** @throws LIMIT_EXCEEDED */
function spend(budget: Budget, points: number): void {
  budget.points -= points;
  if (budget.points >= 0) return;
  const limit = METRIC_LIMITS.pointsPerGroupRead;
  throw tooMuch(
    `of these trials more than ${limit} points are to be read one by one; ask for fewer trials or keys`,
    limit,
  );
}

function tooMuch(message: string, limit: number): PlatformError {
  return new PlatformError('LIMIT_EXCEEDED', message, { limit });
}

/** Columns of a key that no trial has. */
function without(key: string, quantiles: readonly number[]): GroupColumns {
  const none = () => new Float64Array(0);
  return {
    key,
    width: 1,
    steps: none(),
    members: none(),
    mean: none(),
    sd: none(),
    min: none(),
    max: none(),
    lowest: none(),
    highest: none(),
    quantiles: quantiles.map(none),
  };
}
