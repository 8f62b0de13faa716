import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSpans, encodeSpans } from '../../../src/store/metrics/postgres/time-spans.js';

const time = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 1.7e9, max: 1.8e9, noNaN: true }),
  fc.integer({ min: 0, max: 3 }).map((ulps) => 1e300 + ulps * 2 ** 944),
);

describe('time spans', () => {
  it('come back never narrower than they were, and within the whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(time, time), { minLength: 1, maxLength: 50 }), async (pairs) => {
        const lo = Float64Array.from(pairs, ([a, b]) => Math.min(a, b));
        const hi = Float64Array.from(pairs, ([a, b]) => Math.max(a, b));
        const span = { loTime: Math.min(...lo), hiTime: Math.max(...hi) };

        const got = await decodeSpans(await encodeSpans({ lo, hi }, span), lo.length, span);

        got.lo.forEach((at, i) => {
          expect(at).toBeLessThanOrEqual(lo[i] as number);
          expect(at).toBeGreaterThanOrEqual(span.loTime);
        });
        got.hi.forEach((at, i) => {
          expect(at).toBeGreaterThanOrEqual(hi[i] as number);
          expect(at).toBeLessThanOrEqual(span.hiTime);
        });
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('are close for clocks that go on', async () => {
    const lo = Float64Array.from({ length: 2_048 }, (_, i) => 1.7e9 + 7 * i);
    const hi = lo.map((at) => at + 6);
    const span = { loTime: 1.7e9, hiTime: 1.7e9 + 7 * 2_048 };

    const bytes = await encodeSpans({ lo, hi }, span);
    const got = await decodeSpans(bytes, lo.length, span);

    expect(bytes.length).toBeLessThan(2 * lo.length);
    got.lo.forEach((at, i) => {
      expect((lo[i] as number) - at).toBeLessThan(1);
      expect((got.hi[i] as number) - (hi[i] as number)).toBeLessThan(1);
    });
  });
});
