/** What a chart must show, by brute force over the points that were sent. */
import type { SeriesX } from '../../../src/store/metrics/metric-store.js';
import type { Point } from './writers.js';

export interface ModelQuery extends ModelWindow {
  readonly keys: readonly string[];
  readonly x: SeriesX | null;
}

export interface ModelWindow {
  readonly maxPoints: number;
  readonly fromStep: number | null;
  readonly toStep: number | null;
  readonly fromTime: number | null;
  readonly toTime: number | null;
}

export interface Row {
  readonly place: number;
  readonly step: number;
  readonly time: number;
  readonly value: number;
  readonly first: number;
  readonly count: number;
  readonly nonFinite: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Points per attempt and key: streams in the order in which they were opened, each in order of seq. */
export function seriesOf(model: ReadonlyMap<string, readonly Point[]>): Map<string, Point[]> {
  const all = new Map<string, Point[]>();
  for (const [id, own] of model) {
    for (const point of own) {
      const name = `${id.split('/')[0]}/${point.key}`;
      const series = all.get(name);
      if (series === undefined) all.set(name, [point]);
      else series.push(point);
    }
  }
  return all;
}

/** The time of the first point of an attempt that is of one of the keys, in the first stream that has one. */
export function originOf(
  model: ReadonlyMap<string, readonly Point[]>,
  attempt: number,
  keys: readonly string[],
): number {
  for (const [id, own] of model) {
    const first = id.startsWith(`${attempt}/`) ? own.find(({ key }) => keys.includes(key)) : undefined;
    if (first !== undefined) return first.time;
  }
  throw new Error('no point');
}

/** Of each raw point the last finite value of `xs` at its step; NaN where there is none. */
export function xOfPoints(points: readonly Point[], xs: readonly Point[]): number[] {
  const finite = new Map(xs.flatMap(({ step, value }) => (Number.isFinite(value) ? [[step, value]] : [])));
  return points.map(({ step }) => finite.get(step) ?? Number.NaN);
}

/** What `xs` shows in each bucket; NaN where it has none. */
export function xOfBuckets(rows: readonly Row[], width: number, xs: readonly Point[]): number[] {
  const shown = new Map(gridOf(xs, width)?.map(({ place, value }) => [place, value]));
  return rows.map(({ place }) => shown.get(place) ?? Number.NaN);
}

export function within(points: readonly Point[], window: ModelWindow): Point[] {
  const { fromStep, toStep, fromTime, toTime } = window;
  const isIn = (value: number, from: number | null, to: number | null) =>
    value >= (from ?? -Infinity) && value <= (to ?? Infinity);
  return points.filter(({ step, time }) => isIn(step, fromStep, toStep) && isIn(time, fromTime, toTime));
}

/** The finest grid of a power of two with at most `maxPoints` buckets, each computed from its own points. */
export function bucketsOf(points: readonly Point[], maxPoints: number): { width: number; rows: Row[] } {
  for (let width = 1; ; width *= 2) {
    const rows = gridOf(points, width, maxPoints);
    if (rows !== null) return { width, rows };
  }
}

/** Null when there are more than `maxBuckets`. */
export function gridOf(points: readonly Point[], width: number, maxBuckets = Infinity): Row[] | null {
  const places = new Map<number, Point[]>();
  for (const point of points) {
    const place = Math.floor(point.step / width) + 0;
    const own = places.get(place);
    if (own === undefined) places.set(place, [point]);
    else own.push(point);
    if (places.size > maxBuckets) return null;
  }
  return [...places].sort(([a], [b]) => a - b).map(([place, own]) => rowOf(place, own));
}

function rowOf(place: number, own: readonly Point[]): Row {
  const finite = own.filter(({ value }) => Number.isFinite(value));
  const candidates = finite.length > 0 ? finite : own;
  const shown = candidates.reduce((best, point) => (point.step >= best.step ? point : best));
  const first = candidates.reduce((best, point) => (point.step < best.step ? point : best));
  const values = finite.map(({ value }) => value);
  const { step, time, value } = shown;
  return {
    place,
    step,
    time,
    value,
    first: first.value,
    count: own.length,
    nonFinite: own.length - finite.length,
    min: values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b)),
    max: values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b)),
    mean: values.reduce((a, b) => a + b, 0) / values.length,
  };
}
