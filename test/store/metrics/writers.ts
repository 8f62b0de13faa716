/** Writers as training code is: several streams and attempts, runs of keys, steps that repeat, jump, go back, and any float64. */
import fc from 'fast-check';
import type { points } from '../../contract/metric-store.js';

export type Point = ReturnType<typeof points>[number];

export interface Writer {
  readonly attempt: number;
  readonly stream: string;
}

export interface WriterStep {
  readonly writer: Writer;
  readonly points: readonly Point[];
  readonly compact: boolean;
}

const ODD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324, 1e9, -1e9];

/** Seconds at which the n-th point is logged, by clocks that go as clocks do. */
const TICKS = {
  onward: (n, noise) => n + noise,
  back: (n, noise) => 50_000 - n + noise,
  jumping: (n, noise) => n + Math.floor(noise * 20_000),
  stopped: () => 777.125,
} satisfies Record<string, (n: number, noise: number) => number>;

const step = fc.record({
  attempt: fc.constantFrom(1, 1, 2),
  stream: fc.constantFrom('s', 's', 's', 't'),
  n: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 500, max: 3_000 })),
  keys: fc.constantFrom(['a'], ['a', 'b'], ['a', 'b', 'a', 'c']),
  run: fc.constantFrom(7, 50, 400),
  from: fc.integer({ min: -3_000, max: 9_000 }),
  stride: fc.constantFrom(1, 1, 1, 0, -1, 5, 1_000),
  noise: fc.constantFrom(0, 0, 3, 2_000),
  odd: fc.constantFrom(0, 13, 2),
  clock: fc.constantFrom('onward', 'onward', 'back', 'jumping', 'stopped'),
  seed: fc.nat(),
  compact: fc.boolean(),
});

/** What is written, one batch after the other. */
export const writerScript = fc.array(step, { minLength: 1, maxLength: 9 }).map((steps): WriterStep[] => {
  let written = 0;
  return steps.map(({ attempt, stream, n, keys, run, from, stride, noise, odd, clock, seed, compact }) => {
    const random = randomFrom(seed);
    const points = Array.from({ length: n }, (_, i): Point => {
      const turn = Math.floor(i / run);
      const own = i - turn * run + Math.floor(turn / keys.length) * run;
      return {
        key: keys[turn % keys.length] as string,
        step: from + stride * own + (noise === 0 ? 0 : Math.floor(random() * noise)) + 0,
        time: 1.7e9 + TICKS[clock](written++, random()),
        value: odd > 0 && i % odd === 0 ? (ODD[Math.floor(random() * ODD.length)] as number) : random() * 10 - 3,
      };
    });
    return { writer: { attempt, stream }, points, compact };
  });
});

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
