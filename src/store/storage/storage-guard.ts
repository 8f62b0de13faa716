/**
 * Refuses new data before a disk is full: a full volume of write-ahead log ends Postgres, a full disk of data stops
 * every verb. What little is left belongs to leases, ends and deletions. It measures when told to and starts nothing itself.
 */
import { isPlatformError, PlatformError } from '../../domain/errors.js';

/** What is left of one place where data grows, in bytes. */
export interface Reading {
  /** In words for people, without paths: they are nobody's business but the operator's. */
  readonly what: string;
  readonly freeBytes: number;
  /** Data is refused from below this on … */
  readonly lowBytes: number;
  /** … until at least this much is free again. */
  readonly highBytes: number;
}

/** Measures one place. Rejects when it cannot be known now: then it does not count. */
export type Gauge = () => Promise<Reading>;

export interface StorageStatus {
  readonly isFull: boolean;
  /** What is full and what to do; null when nothing is. */
  readonly message: string | null;
}

export interface StorageGuard {
  /** @throws STORAGE_FULL while there is no room for new data. */
  assertRoom(): void;
  /** As `assertRoom` before the write; a write that finds the disk full all the same closes the door at once. */
  guarded<Result>(write: () => Promise<Result>): Promise<Result>;
  status(): StorageStatus;
  /** Measures every place. Call it every two seconds. Never rejects. */
  look(): Promise<void>;
}

export interface StorageGuardOptions {
  readonly gauges: readonly Gauge[];
  /** Runs evenly; from any start. */
  monotonicMs(): number;
  log(line: string): void;
}

/** Long enough not to hammer a full server, short enough to be back within 10 s of room. */
const RETRY_AFTER_SECONDS = 5;
/** How long a refusal by Postgres itself counts: nobody may be able to measure its disk from here. */
const TRIPPED_MS = 5_000;

export function createStorageGuard({ gauges, monotonicMs, log }: StorageGuardOptions): StorageGuard {
  const full = new Map<Gauge, Reading>();
  const blind = new Set<Gauge>();
  let trippedUntil = Number.NEGATIVE_INFINITY;
  let told: string | null = null;

  const messageNow = (): string | null => {
    const [worst] = full.values();
    if (worst !== undefined)
      return `${worst.what} has ${inWords(worst.freeBytes)} left and new data needs ${inWords(worst.highBytes)}: free some, delete trials, or give it more room`;
    return monotonicMs() < trippedUntil ? 'the database has no disk space left: free some, or give it more room' : null;
  };
  /** One line for each change, so that a log of a day can be read. */
  const tell = (): void => {
    const message = messageNow();
    if ((message === null) === (told === null)) return;
    told = message;
    log(
      message === null ? 'storage: there is room again, new data is taken' : `storage: new data is refused: ${message}`,
    );
  };
  const assertRoom = (): void => {
    const message = messageNow();
    if (message !== null) throw new PlatformError('STORAGE_FULL', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  };
  const measure = async (gauge: Gauge): Promise<void> => {
    try {
      const reading = await gauge();
      const { freeBytes, lowBytes, highBytes } = reading;
      if (freeBytes < (full.has(gauge) ? highBytes : lowBytes)) full.set(gauge, reading);
      else full.delete(gauge);
      blind.delete(gauge);
    } catch (error) {
      full.delete(gauge);
      if (!blind.has(gauge))
        log(`storage: room cannot be measured: ${error instanceof Error ? error.message : String(error)}`);
      blind.add(gauge);
    }
  };

  return {
    assertRoom,
    guarded: async (write) => {
      assertRoom();
      try {
        return await write();
      } catch (error) {
        if (isPlatformError(error) && error.code === 'STORAGE_FULL') {
          trippedUntil = monotonicMs() + TRIPPED_MS;
          tell();
        }
        throw error;
      }
    },
    status: () => {
      const message = messageNow();
      return { isFull: message !== null, message };
    },
    look: async () => {
      await Promise.all(gauges.map(measure));
      tell();
    },
  };
}

function inWords(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : ['MB', 1e6];
  return `${(Math.max(0, bytes) / size).toFixed(1)} ${unit}`;
}
