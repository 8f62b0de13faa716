/** Whether a batch may be stored: refused whole, with the key and the limit named. Runs once per batch, off no disk. */

import { PlatformError } from '../../../domain/errors.js';
import type { SeriesColumns } from '../../../domain/metric.js';
import { METRIC_LIMITS, type MetricBatch } from '../metric-store.js';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const BROKEN = /\p{Surrogate}/u;
const MAX_ATTEMPT = 2_147_483_647;

/** The number of points in the batch. @throws INPUT_INVALID, LIMIT_EXCEEDED naming the key. */
export function checkBatch(batch: MetricBatch): number {
  const { stream, seq, attempt, dropped, series } = batch;
  const invalid = (message: string) => new PlatformError('INPUT_INVALID', message);
  if (
    stream === '' ||
    Buffer.byteLength(stream) > METRIC_LIMITS.streamBytes ||
    CONTROL.test(stream) ||
    BROKEN.test(stream)
  ) {
    throw invalid(`stream must have 1 to ${METRIC_LIMITS.streamBytes} bytes and no control characters`);
  }
  if (!Number.isSafeInteger(seq) || seq < 0) throw invalid('seq must be a safe integer of at least 0');
  if (!Number.isSafeInteger(attempt) || attempt < 0 || attempt > MAX_ATTEMPT)
    throw invalid('attempt must be an integer of at least 0');
  if (!Number.isSafeInteger(dropped) || dropped < 0) throw invalid('dropped must be a safe integer of at least 0');
  if (series.length > METRIC_LIMITS.seriesPerBatch) {
    throw limit(
      `a batch may hold ${METRIC_LIMITS.seriesPerBatch} series, this one has ${series.length}; send it in parts`,
      METRIC_LIMITS.seriesPerBatch,
    );
  }

  let n = 0;
  for (const columns of series) {
    checkColumns(columns);
    n += columns.steps.length;
  }
  if (n > METRIC_LIMITS.pointsPerBatch) {
    throw limit(
      `a batch may hold ${METRIC_LIMITS.pointsPerBatch} points, this one has ${n}; send it in parts`,
      METRIC_LIMITS.pointsPerBatch,
    );
  }
  if (!Number.isSafeInteger(seq + n)) throw invalid('seq is too large');
  return n;
}

function checkColumns({ key, steps, times, values }: SeriesColumns): void {
  if (Buffer.byteLength(key) > METRIC_LIMITS.keyBytes) {
    const shown = `${key.slice(0, 40)}…`;
    throw limit(`metric key "${shown}" is longer than ${METRIC_LIMITS.keyBytes} bytes`, METRIC_LIMITS.keyBytes, shown);
  }
  const invalid = (message: string) => new PlatformError('INPUT_INVALID', `metric "${key}": ${message}`, { key });
  if (key.trim() === '') throw invalid('the key must not be empty');
  if (CONTROL.test(key) || BROKEN.test(key))
    throw invalid('the key must not have control characters or broken characters');
  if (steps.length !== values.length || times.length !== values.length) {
    throw invalid(`columns differ in length: ${steps.length} steps, ${times.length} times, ${values.length} values`);
  }
  for (let i = 0; i < steps.length; i++) {
    if (!Number.isSafeInteger(steps[i])) throw invalid(`step ${steps[i]} is not an integer within ±(2^53 - 1)`);
    if (!Number.isFinite(times[i])) throw invalid(`time ${times[i]} is not finite`);
  }
}

function limit(message: string, limit: number, key?: string): PlatformError {
  return new PlatformError('LIMIT_EXCEEDED', message, key === undefined ? { limit } : { limit, key });
}
