import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChunkColumns,
  decodeChunk,
  decodeChunkSync,
  encodeClock,
  encodeData,
  runsOf,
} from '../../../src/store/metrics/postgres/chunk-codec.js';

const anyValue = fc.oneof(fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, -0, 5e-324), fc.double());
const step = fc.oneof(fc.integer({ min: -5, max: 900 }), fc.maxSafeInteger(), fc.constant(-0));
const row = fc.record({ gap: fc.constantFrom(0, 0, 0, 1, 9, 2 ** 40), step, time: anyValue, value: anyValue });
const chunk = fc.array(row, { minLength: 1, maxLength: 200 }).map((rows): ChunkColumns => {
  let seq = -1;
  return {
    seqs: Float64Array.from(rows, ({ gap }) => {
      seq += 1 + gap;
      return seq;
    }),
    steps: Float64Array.from(rows, (one) => one.step),
    times: Float64Array.from(rows, ({ time }) => time),
    values: Float64Array.from(rows, ({ value }) => value),
  };
});

describe('the chunk codec', () => {
  it('gives back what was encoded, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(chunk, async (sent) => {
        const stored = {
          keyId: 1,
          n: sent.seqs.length,
          clock: await encodeClock(sent),
          data: await encodeData(sent),
        };

        expect(bits(await decodeChunk(stored))).toEqual(bits(sent));
        expect(bits(decodeChunkSync(stored))).toEqual(bits(sent));
      }),
      { seed: 1 },
    );
  });

  it('cuts runs where seqs leave a gap and where it is told to', () => {
    fc.assert(
      fc.property(chunk, fc.nat(250), fc.nat(250), (sent, from, length) => {
        const runs = [...runsOf(7, sent, from, from + length)];

        const seqs = runs.flatMap(({ seq, steps }) => Array.from(steps, (_, i) => seq + i));
        expect(seqs).toEqual([...sent.seqs].filter((seq) => seq >= from && seq < from + length));
      }),
      { seed: 2 },
    );
  });
});

function bits({ seqs, steps, times, values }: ChunkColumns): string[] {
  return [seqs, steps, times, values].map((column) =>
    Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('hex'),
  );
}
