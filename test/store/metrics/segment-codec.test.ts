import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSegment,
  dropLeading,
  encodeSegment,
  type KeyedColumns,
  samePoints,
} from '../../../src/store/metrics/postgres/segment-codec.js';

const double = fc.oneof(fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324), fc.double());
const series = fc
  .array(
    fc.record({
      keyId: fc.integer({ min: 1, max: 2 ** 31 }),
      rows: fc.array(fc.tuple(fc.maxSafeInteger(), double, double), { maxLength: 12 }),
      copy: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((list) => {
    const done: KeyedColumns[] = [];
    for (const { keyId, rows, copy } of list) {
      const before = done.at(-1);
      const own = {
        steps: Float64Array.from(rows, ([step]) => step),
        times: Float64Array.from(rows, ([, time]) => time),
        values: Float64Array.from(rows, ([, , value]) => value),
      };
      done.push(copy && before !== undefined ? { ...before, keyId } : { keyId, ...own });
    }
    return done;
  });

describe('the segment codec', () => {
  it('gives back what was encoded, bit for bit', () => {
    fc.assert(
      fc.property(series, (sent) => {
        const read = decodeSegment(encodeSegment(sent), null);

        expect(read.map(bits)).toEqual(sent.map(bits));
      }),
      { seed: 1 },
    );
  });

  it('gives only the series whose keys are wanted', () => {
    fc.assert(
      fc.property(series, (sent) => {
        const wanted = new Set(sent.slice(0, 1).map(({ keyId }) => keyId));

        const read = decodeSegment(encodeSegment(sent), wanted);

        expect(read.map(bits)).toEqual(sent.filter(({ keyId }) => wanted.has(keyId)).map(bits));
      }),
      { seed: 2 },
    );
  });

  it('stores columns that repeat their neighbour once', () => {
    const steps = new Float64Array(100);
    const alone = encodeSegment([{ keyId: 1, steps, times: steps, values: steps }]);
    const both = encodeSegment([
      { keyId: 1, steps, times: steps, values: steps },
      { keyId: 2, steps, times: steps, values: steps },
    ]);

    expect(both.length - alone.length).toBe(8 + 800);
  });

  it('finds every overlap equal to itself and every changed bit different', () => {
    const plan = fc.record({ sent: series, cut: fc.nat(60), skip: fc.nat(60), flip: fc.nat() });
    fc.assert(
      fc.property(plan, ({ sent, cut, skip, flip }) => {
        const total = sent.reduce((sum, { steps }) => sum + steps.length, 0);
        const [middle, start] = [Math.min(cut, total), Math.min(skip, total)];
        const stored = [
          { seq: 0, data: encodeSegment(takeLeading(sent, middle)) },
          { seq: middle, data: encodeSegment(dropLeading(sent, middle)) },
        ];
        const batch = dropLeading(sent, start);
        expect(samePoints(batch, start, stored)).toBe(true);
        const values = batch[0]?.values;
        if (values === undefined) return;

        const changed = Float64Array.from(values);
        changed[flip % changed.length] = Object.is(values[flip % values.length], 7) ? 8 : 7;

        expect(samePoints([{ ...(batch[0] as KeyedColumns), values: changed }, ...batch.slice(1)], start, stored)).toBe(
          false,
        );
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('refuses versions that it does not know', () => {
    expect(() => decodeSegment(Buffer.from([9, 0, 0, 0]), null)).toThrow(/version 9/);
  });
});

function bits({ keyId, steps, times, values }: KeyedColumns): unknown {
  return {
    keyId,
    columns: [steps, times, values].map((column) =>
      Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('hex'),
    ),
  };
}

function takeLeading(sent: readonly KeyedColumns[], count: number): KeyedColumns[] {
  let left = count;
  return sent.flatMap(({ keyId, steps, times, values }) => {
    const n = Math.min(left, steps.length);
    left -= n;
    return n === 0 ? [] : [{ keyId, steps: steps.slice(0, n), times: times.slice(0, n), values: values.slice(0, n) }];
  });
}
