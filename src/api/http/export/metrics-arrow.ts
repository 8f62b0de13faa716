/** Points as an Arrow stream: one record batch per page, columns as they came from the store. */
import {
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { NumberedSeries } from '../../../service/metric/export-metrics.js';
import { arrowStream } from './arrow-stream.js';

const TRIAL_ID = new Dictionary(new Utf8(), new Int32(), 0);
const KEY = new Dictionary(new Utf8(), new Int32(), 1);
const FIELDS = [
  new Field('trial', new Int32()),
  new Field('trialId', TRIAL_ID),
  new Field('attempt', new Int32()),
  new Field('key', KEY),
  new Field('step', new Int64()),
  new Field('time', new Float64()),
  new Field('value', new Float64()),
];
const SCHEMA = new Schema(FIELDS);

/** One row per point. */
export function metricsArrow(pages: AsyncIterable<readonly NumberedSeries[]>): AsyncGenerator<Uint8Array> {
  return arrowStream(SCHEMA, batchesOf(pages));
}

async function* batchesOf(pages: AsyncIterable<readonly NumberedSeries[]>): AsyncGenerator<RecordBatch> {
  for await (const page of pages) yield batchOf(page);
}

function batchOf(page: readonly NumberedSeries[]): RecordBatch {
  const length = page.reduce((sum, { steps }) => sum + steps.length, 0);
  const trials = new Int32Array(length);
  const trialIds = new Int32Array(length);
  const attempts = new Int32Array(length);
  const keys = new Int32Array(length);
  const steps = new BigInt64Array(length);
  const times = new Float64Array(length);
  const values = new Float64Array(length);
  const knownTrials = new Places();
  const knownKeys = new Places();
  let at = 0;
  for (const series of page) {
    const end = at + series.steps.length;
    trials.fill(series.number, at, end);
    trialIds.fill(knownTrials.of(series.trialId), at, end);
    attempts.fill(series.attempt, at, end);
    keys.fill(knownKeys.of(series.key), at, end);
    writeSteps(series.steps, steps.subarray(at, end));
    times.set(series.times, at);
    values.set(series.values, at);
    at = end;
  }
  const children = [
    makeData({ type: new Int32(), data: trials }),
    makeData({ type: TRIAL_ID, data: trialIds, dictionary: vectorFromArray(knownTrials.texts, new Utf8()) }),
    makeData({ type: new Int32(), data: attempts }),
    makeData({ type: KEY, data: keys, dictionary: vectorFromArray(knownKeys.texts, new Utf8()) }),
    makeData({ type: new Int64(), data: steps }),
    makeData({ type: new Float64(), data: times }),
    makeData({ type: new Float64(), data: values }),
  ];
  return new RecordBatch(SCHEMA, makeData({ type: new Struct(FIELDS), length, nullCount: 0, children }));
}

/** Safe integers as int64, in two halves: a BigInt for each would cost more than all the rest. */
function writeSteps(steps: Float64Array, into: BigInt64Array): void {
  const halves = new Int32Array(into.buffer, into.byteOffset, 2 * into.length); // little-endian, as all that Node runs on
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as number;
    halves[2 * i] = step % 2 ** 32; // Int32Array takes it modulo 2^32
    halves[2 * i + 1] = Math.floor(step / 2 ** 32);
  }
}

/** Texts in order of first appearance. */
class Places {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();

  of(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
