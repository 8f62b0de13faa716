/**
 * The points of many trials, outside any cache: history is loaded, live deltas are appended, charts read views.
 * A delta whose cursor was already reached is ignored. NaN and infinities are kept as they are.
 */
import { FrameSignal } from './frame-signal.js';
import { GrowingColumn } from './growing-column.js';

/** Points of one attempt of one trial, in stored order; `steps` and `values` are [n]. */
export interface PointColumns {
  readonly trialId: string;
  readonly attempt: number;
  readonly key: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** A line to draw: steps never fall. */
export interface Points {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** What the points say; finite minimum and maximum are NaN when there is none. */
export interface PointsSummary {
  readonly last: number;
  readonly lastStep: number;
  readonly min: number;
  readonly max: number;
}

interface Attempt {
  readonly steps: GrowingColumn;
  readonly values: GrowingColumn;
  isSorted: boolean;
}

interface Series {
  readonly attempts: Map<number, Attempt>;
  min: number;
  max: number;
  merged: Points | null;
}

const NOTHING: Points = { steps: new Float64Array(0), values: new Float64Array(0) };

export class SeriesStore {
  readonly signal: FrameSignal;
  #series = new Map<string, Series>();
  #keys = new Set<string>();
  #cursor: string | null = null;

  constructor(signal: FrameSignal = new FrameSignal()) {
    this.signal = signal;
  }

  /** Where a subscription goes on; null before the first load. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /** Metrics that have points, sorted. */
  get keys(): readonly string[] {
    return [...this.#keys].sort();
  }

  /** Replaces everything by what the server holds at `cursor`. */
  load(cursor: string | null, columns: readonly PointColumns[]): void {
    this.#series = new Map();
    this.#keys = new Set();
    this.#cursor = cursor;
    for (const column of columns) this.#add(column);
    this.signal.touch();
  }

  /** Adds what came after the last cursor. @returns whether it was new. */
  append(cursor: string, columns: readonly PointColumns[]): boolean {
    if (cursor === this.#cursor) return false;
    this.#cursor = cursor;
    for (const column of columns) this.#add(column);
    if (columns.length > 0) this.signal.touch();
    return true;
  }

  /** The line of a trial: a later attempt takes over from its first step. */
  read(trialId: string, key: string): Points {
    const series = this.#series.get(nameOf(trialId, key));
    if (!series) return NOTHING;
    series.merged ??= merge(series.attempts);
    return series.merged;
  }

  /** Null when the trial has no points of `key`. */
  summary(trialId: string, key: string): PointsSummary | null {
    const series = this.#series.get(nameOf(trialId, key));
    if (!series) return null;
    const attempt = series.attempts.get(Math.max(...series.attempts.keys()));
    if (!attempt) return null;
    return { last: attempt.values.last, lastStep: attempt.steps.last, min: series.min, max: series.max };
  }

  #add({ trialId, attempt, key, steps, values }: PointColumns): void {
    if (steps.length === 0) return;
    const name = nameOf(trialId, key);
    let series = this.#series.get(name);
    if (!series) {
      series = { attempts: new Map(), min: Number.NaN, max: Number.NaN, merged: null };
      this.#series.set(name, series);
      this.#keys.add(key);
    }
    let points = series.attempts.get(attempt);
    if (!points) {
      points = { steps: new GrowingColumn(), values: new GrowingColumn(), isSorted: true };
      series.attempts.set(attempt, points);
    }
    points.isSorted &&= isSorted(points.steps.last, steps);
    points.steps.append(steps);
    points.values.append(values);
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (!(series.min <= value)) series.min = value;
      if (!(series.max >= value)) series.max = value;
    }
    series.merged = null;
  }
}

function nameOf(trialId: string, key: string): string {
  return `${trialId}\n${key}`;
}

function isSorted(before: number, steps: Float64Array): boolean {
  let last = before;
  for (const step of steps) {
    if (step < last) return false;
    last = step;
  }
  return true;
}

function merge(attempts: ReadonlyMap<number, Attempt>): Points {
  const ordered = [...attempts].sort(([a], [b]) => a - b).map(([, attempt]) => sorted(attempt));
  const only = ordered[0];
  if (ordered.length === 1 && only) return only;
  let kept: Points[] = [];
  for (const next of ordered) {
    const from = next.steps[0] ?? 0;
    kept = kept.map((points) => before(points, from)).concat(next);
  }
  return { steps: concat(kept.map(({ steps }) => steps)), values: concat(kept.map(({ values }) => values)) };
}

function sorted(attempt: Attempt): Points {
  const steps = attempt.steps.view();
  const values = attempt.values.view();
  if (attempt.isSorted) return { steps, values };
  const order = Array.from(steps.keys()).sort((a, b) => (steps[a] ?? 0) - (steps[b] ?? 0) || a - b);
  return {
    steps: Float64Array.from(order, (at) => steps[at] ?? 0),
    values: Float64Array.from(order, (at) => values[at] ?? Number.NaN),
  };
}

function before({ steps, values }: Points, step: number): Points {
  let end = steps.length;
  while (end > 0 && (steps[end - 1] ?? 0) >= step) end -= 1;
  return { steps: steps.subarray(0, end), values: values.subarray(0, end) };
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
