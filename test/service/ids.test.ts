import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isId } from '../../src/domain/ids.js';
import type { Clock } from '../../src/service/deps.js';
import { newId } from '../../src/service/ids.js';

const T0 = Date.UTC(2026, 0, 1);

function stepClock(times: number[]): Clock {
  return {
    now: () => new Date(times.length > 1 ? Number(times.shift()) : Number(times[0])),
    monotonicMs: () => 0,
    sleep: async () => undefined,
  };
}

describe('newId', () => {
  it('is a UUID of version 7 with the time of the clock in front', () => {
    const id = newId<string>({ clock: stepClock([T0]), random: randomBytes });

    expect(isId(id)).toBe(true);
    expect(id[14]).toBe('7');
    expect('89ab').toContain(id[19]);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(T0);
  });

  it('sorts ids of one millisecond as they were made, also when the counter is used up', () => {
    const deps = { clock: stepClock([T0]), random: randomBytes };

    const ids = Array.from({ length: 20_000 }, () => newId<string>(deps));

    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  it('goes on rising when the clock steps back', () => {
    const deps = { clock: stepClock([T0, T0 - 60_000]), random: randomBytes };

    const first = newId<string>(deps);
    const second = newId<string>(deps);

    expect(second > first).toBe(true);
  });

  it('is repeated by the same clock and the same random bytes', () => {
    const zeros = (length: number): Buffer => Buffer.alloc(length, 7);

    const a = newId<string>({ clock: stepClock([T0]), random: zeros });
    const b = newId<string>({ clock: stepClock([T0]), random: zeros });

    expect(a).toBe(b);
  });
});
