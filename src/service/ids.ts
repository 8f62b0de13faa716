/** New identifiers: UUIDv7, made from the clock and random bytes of `deps`, so that a simulation can repeat them (rule 11). */
import type { Clock, Deps } from './deps.js';

const MAX_COUNTER = 0xfff;

interface Last {
  ms: number;
  counter: number;
}

const lastByClock = new WeakMap<Clock, Last>();

/** A new id, greater than every id that the same clock gave before: ids made in one verb sort as they were made. */
export function newId<T extends string>(deps: Pick<Deps, 'clock' | 'random'>): T {
  const bytes = deps.random(16);
  const { ms, counter } = advance(deps.clock, bytes.readUInt16BE(0));
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as T;
}

/** Above every id that was made before `moment`, and below those that are made from then on. */
export function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** The counter starts low in each millisecond; when it is used up, or the clock steps back, the last time is carried on. */
function advance(clock: Clock, noise: number): Last {
  const now = clock.now().getTime();
  const last = lastByClock.get(clock);
  const next = nextAfter(last, now, noise);
  lastByClock.set(clock, next);
  return next;
}

function nextAfter(last: Last | undefined, now: number, noise: number): Last {
  if (last === undefined || now > last.ms) return { ms: now, counter: noise & 0x3ff };
  if (last.counter < MAX_COUNTER) return { ms: last.ms, counter: last.counter + 1 };
  return { ms: last.ms + 1, counter: noise & 0x3ff };
}
