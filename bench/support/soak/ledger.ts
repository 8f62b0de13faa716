/** What a server has acknowledged of the trials that live, and whether it is what is stored: number, order and bits. */
import type { Client } from '../../../sdk/typescript/client.js';
import { decodeColumn } from '../../../sdk/typescript/columns.js';
import { PointsDocument, TrialDocument } from '../../../sdk/typescript/generated/operations.js';
import { knownValue } from '../../../test/support/known-points.js';

/** How long a trial's points are kept: until it is deleted, for a day after its end, or until its project is deleted. */
export type Home = 'kept' | 'expiring' | 'passing';

export interface Stream {
  readonly metrics: number;
  acknowledged: number;
  /** Sent by a client that died before it heard: stored or not, but not in part. */
  unheard: number;
}

export interface Entry {
  readonly index: number;
  /** Of a script, points count when they are acknowledged; of the SDK, when they are logged. */
  readonly writer: 'script' | 'SDK';
  readonly id: string;
  readonly attempt: number;
  readonly project: string;
  readonly home: Home;
  readonly streams: readonly Stream[];
  /** Milliseconds since the epoch; null while it runs. */
  endedMs: number | null;
  /** When its client fell silent for ever. */
  crashedMs: number | null;
}

const KEYS_PER_STREAM = 16;

export function keyOf(stream: number, metric: number): string {
  return `stream-${stream}/metric-${metric}`;
}

export function expectedValue(trial: number, stream: number, metric: number, step: number): number {
  return knownValue(trial, stream * KEYS_PER_STREAM + metric, step);
}

export class Ledger {
  readonly living = new Map<string, Entry>();
  /** Names of projects that are deleted, or just being deleted. */
  readonly deletedProjects = new Set<string>();
  started = 0;
  points = 0;
  deleted = 0;

  open(whose: Omit<Entry, 'endedMs' | 'crashedMs'>): Entry {
    const entry: Entry = { ...whose, endedMs: null, crashedMs: null };
    this.living.set(entry.id, entry);
    return entry;
  }

  /** Acknowledged points that are kept just now: of trials that live and, where points expire after `dayMs`, did not end before. */
  kept(dayMs: number): number {
    const since = Date.now() - dayMs;
    let points = 0;
    for (const { home, endedMs, streams } of this.living.values()) {
      if (home === 'expiring' && endedMs !== null && endedMs < since) continue;
      for (const { acknowledged } of streams) points += acknowledged;
    }
    return points;
  }

  acknowledge(stream: Stream, points: number): void {
    stream.acknowledged += points;
    this.points += points;
  }

  forget(id: string): void {
    if (this.living.delete(id)) this.deleted += 1;
  }
}

export interface Checked {
  readonly trials: number;
  readonly points: number;
  /** One line each. */
  readonly wrong: readonly string[];
}

/** Reads every living trial back: all points of those that are kept, the counts of those that may have expired. */
export async function check(client: Client, ledger: Ledger): Promise<Checked> {
  const wrong: string[] = [];
  let [trials, points] = [0, 0];
  for (const entry of ledger.living.values()) {
    if (entry.home === 'passing') continue;
    trials += 1;
    const counts = await summaryCounts(client, entry);
    wrong.push(...compare(entry, counts, 'counted'));
    if (entry.home !== 'kept') continue;
    const stored = await readStored(client, entry, wrong);
    wrong.push(...compare(entry, stored, 'stored'));
    for (const n of stored.values()) points += n;
  }
  return { trials, points, wrong };
}

function compare(entry: Entry, found: ReadonlyMap<string, number>, how: string): string[] {
  return entry.streams.flatMap(({ metrics, acknowledged, unheard }, stream) => {
    const all = Array.from({ length: metrics }, (_, metric) => found.get(keyOf(stream, metric)) ?? 0);
    const sum = all.reduce((total, n) => total + n, 0);
    if (sum === acknowledged || sum === acknowledged + unheard) return [];
    return [
      `${entry.writer} trial ${entry.index} (${entry.id}) stream ${stream}: ${acknowledged} acknowledged, ${sum} ${how}`,
    ];
  });
}

async function summaryCounts(client: Client, { id }: Entry): Promise<Map<string, number>> {
  const { trial } = await client.request(TrialDocument, { id });
  return new Map((trial?.summary ?? []).map(({ key, count }) => [key, count]));
}

/** Points per key; steps must count from 0 in stored order, and every value have its bits. */
async function readStored(client: Client, entry: Entry, wrong: string[]): Promise<Map<string, number>> {
  const next = new Map<string, number>();
  const places = new Map(
    entry.streams.flatMap(({ metrics }, stream) =>
      Array.from({ length: metrics }, (_, metric) => [keyOf(stream, metric), { stream, metric }] as const),
    ),
  );
  let after: string | null = null;
  for (let more = true; more; ) {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(client, entry.id, after);
    for (const { key, steps, values } of page.series) {
      const place = places.get(key);
      const [at, bits] = [decodeColumn(steps), decodeColumn(values)];
      let step = next.get(key) ?? 0;
      for (let i = 0; i < at.length; i++, step++) {
        const isRight =
          place !== undefined &&
          at[i] === step &&
          Object.is(bits[i], expectedValue(entry.index, place.stream, place.metric, step));
        if (!isRight && wrong.length < 100)
          wrong.push(`trial ${entry.index} (${entry.id}) ${key}: ${bits[i]} at step ${at[i]}, in the place of ${step}`);
      }
      next.set(key, step);
    }
    ({ cursor: after, more } = page);
  }
  return next;
}

async function readPage(client: Client, id: string, after: string | null) {
  const { points } = await client.request(PointsDocument, { trialIds: [id], after, limit: 100_000 });
  return points;
}
