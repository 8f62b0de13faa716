import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlatformError } from '../../../src/domain/errors.js';
import { volumeGauge } from '../../../src/store/storage/gauges.js';
import { createStorageGuard, type Gauge, type StorageGuard } from '../../../src/store/storage/storage-guard.js';
import { codeOf } from '../../support/builders.js';

const GIB = 2 ** 30;
const SIZE = 100 * GIB;

let freeBytes: number;
let nowMs: number;
let logged: string[];
let guard: StorageGuard;

beforeEach(() => {
  freeBytes = 50 * GIB;
  nowMs = 0;
  logged = [];
});
afterEach(() => expect(logged.length, 'a log that can be read').toBeLessThan(4));

/** A volume of 100 GiB: its low watermark is 2 GiB, its high one 2.5 GiB. */
const volume = volumeGauge({
  what: 'the disk',
  path: '/data',
  minFreeBytes: null,
  statfs: async () => ({ bsize: 4096, blocks: SIZE / 4096, bavail: Math.floor(freeBytes / 4096) }),
});

function open(gauge: Gauge = volume): void {
  guard = createStorageGuard({ gauges: [gauge], monotonicMs: () => nowMs, log: (line) => void logged.push(line) });
}

async function refusesAt(bytes: number): Promise<boolean> {
  freeBytes = bytes;
  await guard.look();
  return (await codeOf(guard.guarded(async () => undefined))) === 'STORAGE_FULL';
}

describe('watermarks', () => {
  it('refuse below the low one and take data again above the high one only', async () => {
    open();

    const answers = [];
    for (const gib of [50, 2.1, 1.9, 2.1, 2.4, 2.6, 2.1]) answers.push(await refusesAt(gib * GIB));

    expect(answers).toEqual([false, false, true, true, true, false, false]);
    expect(logged).toEqual([
      expect.stringMatching(/^storage: new data is refused: the disk has 2.0 GB left and new data needs 2.7 GB/),
      'storage: there is room again, new data is taken',
    ]);
  });

  it('are 5 % of small volumes, but leave room for the log of a database', async () => {
    const lowOf = async (bytes: number, minFreeBytes: number | null = null) =>
      (
        await volumeGauge({
          what: 'it',
          path: '/',
          minFreeBytes,
          statfs: async () => ({ bsize: 1, blocks: bytes, bavail: 0 }),
        })()
      ).lowBytes;

    expect(await lowOf(10 * GIB)).toBe(0.5 * GIB);
    expect(await lowOf(0.2 * GIB)).toBe(64 * 2 ** 20);
    expect(await lowOf(5000 * GIB)).toBe(2 * GIB);
    expect(await lowOf(5000 * GIB, 7)).toBe(7);
  });
});

describe('a refusal', () => {
  it('says what is full, what to do and when to come again', async () => {
    open();
    await refusesAt(GIB);

    const refusal = await guard.guarded(async () => undefined).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ code: 'STORAGE_FULL', data: { retryAfterSeconds: 5 } });
    expect(guard.status()).toEqual({ isFull: true, message: expect.stringContaining('the disk has 1.1 GB left') });
  });

  it('follows a write that found the disk full although the measure did not, for a while', async () => {
    open();
    const full = guard.guarded(() => Promise.reject(new PlatformError('STORAGE_FULL', 'no space')));

    expect(await codeOf(full)).toBe('STORAGE_FULL');
    expect(await codeOf(guard.guarded(async () => undefined))).toBe('STORAGE_FULL');
    nowMs += 5_000;
    expect(await codeOf(guard.guarded(async () => undefined))).toBe('no error');
  });
});

it('does not refuse for what it cannot measure, and says so once', async () => {
  open(() => Promise.reject(new Error('EACCES')));

  await guard.look();
  await guard.look();

  expect(guard.status().isFull).toBe(false);
  expect(logged).toEqual(['storage: room cannot be measured: EACCES']);
});
