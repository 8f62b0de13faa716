/** What groups of trials come to, by brute force over the points that were sent. */
import { expect } from 'vitest';
import type { GroupColumns, GroupsQuery } from '../../../src/store/metrics/metric-store.js';
import type { Point } from './writers.js';

/** Per trial, per `attempt/stream`, its points. */
export type Model = ReadonlyMap<string, ReadonlyMap<string, readonly Point[]>>;

/** Compares what the store gave with the points themselves, to 1e-9. */
export function checkGroups(model: Model, query: GroupsQuery, got: readonly (readonly GroupColumns[])[]): void {
  expect(got.map((own) => own.map(({ key }) => key))).toEqual(query.groups.map(() => query.keys));
  query.keys.forEach((key, k) => {
    const groups = query.groups.map((ids) => ids.map((id) => newestPoints(model.get(id), key).filter(inside(query))));
    const width = commonWidth(groups.flat(), query.maxPoints);
    groups.forEach((members, g) => {
      const columns = got[g]?.[k] as GroupColumns;
      const rows = rowsOf(members, width);
      expect([...columns.steps]).toEqual(rows.map(({ step }) => step));
      if (rows.length > 0) expect(columns.width).toBe(width);
      expect(columns.quantiles.length).toBe(query.quantiles.length);
      for (const [i, row] of rows.entries()) checkRow(columns, i, row, query.quantiles);
    });
  });
}

interface Row {
  readonly step: number;
  /** A mean per trial, ascending. */
  readonly means: readonly number[];
  readonly raw: readonly number[];
}

function newestPoints(streams: ReadonlyMap<string, readonly Point[]> | undefined, key: string): Point[] {
  let newest = -1;
  let points: Point[] = [];
  for (const [id, all] of streams ?? []) {
    const attempt = Number(id.split('/')[0]);
    const own = all.filter((point) => point.key === key);
    if (own.length === 0 || attempt < newest) continue;
    points = attempt > newest ? own : [...points, ...own];
    newest = attempt;
  }
  return points;
}

const inside =
  ({ fromStep, toStep }: GroupsQuery) =>
  ({ step }: Point) =>
    step >= (fromStep ?? -Infinity) && step <= (toStep ?? Infinity);

function commonWidth(members: readonly (readonly Point[])[], maxPoints: number): number {
  let places = new Set(members.flatMap((own) => own.map(({ step }) => step + 0)));
  let width = 1;
  for (; places.size > maxPoints; width *= 2) places = new Set([...places].map((place) => Math.floor(place / 2)));
  return width;
}

function rowsOf(members: readonly (readonly Point[])[], width: number): Row[] {
  const buckets = new Map<number, number[][]>();
  for (const own of members) {
    const mine = new Map<number, number[]>();
    for (const { step, value } of own) {
      if (!Number.isFinite(value)) continue;
      const place = Math.floor(step / width);
      const values = mine.get(place) ?? [];
      values.push(value);
      mine.set(place, values);
    }
    for (const [place, values] of mine) buckets.set(place, [...(buckets.get(place) ?? []), values]);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([place, values]) => ({
      step: place * width + 0,
      means: values.map((own) => own.reduce((a, b) => a + b, 0) / own.length).sort((a, b) => a - b),
      raw: values.flat(),
    }));
}

function checkRow(columns: GroupColumns, i: number, { means, raw }: Row, quantiles: readonly number[]): void {
  const n = means.length;
  const mean = means.reduce((a, b) => a + b, 0) / n;
  const lowest = raw.reduce((a, b) => Math.min(a, b));
  const highest = raw.reduce((a, b) => Math.max(a, b));
  const sd = Math.sqrt(means.reduce((sum, own) => sum + (own - mean) ** 2, 0) / (n - 1));
  const scale = Math.max(1, Math.abs(lowest), Math.abs(highest));
  expect([columns.members[i], columns.lowest[i], columns.highest[i]]).toEqual([n, lowest, highest]);
  near(columns.mean[i], mean, scale);
  near(columns.sd[i], sd, scale);
  near(columns.min[i], means[0] as number, scale);
  near(columns.max[i], means[n - 1] as number, scale);
  quantiles.forEach((p, q) => {
    // Piecewise linear through the points (k / (n - 1), k-th smallest).
    const k = Math.min(n - 2, Math.floor(p * (n - 1)));
    const wanted =
      n === 1
        ? (means[0] as number)
        : (means[k] as number) + (p * (n - 1) - k) * ((means[k + 1] as number) - (means[k] as number));
    near(columns.quantiles[q]?.[i], wanted, scale);
  });
}

function near(got: number | undefined, wanted: number, scale: number): void {
  if (Object.is(got, wanted)) return;
  if (got === undefined || !(Math.abs(got - wanted) <= 1e-9 * scale)) expect(got).toBe(wanted);
}
