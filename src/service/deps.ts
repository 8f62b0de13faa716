/** What every verb is given: the world comes in as arguments, so that faults can be simulated (rule 11). */
import type { BlobStore } from '../store/blobs/blob-store.js';
import type { Wakeups } from '../store/changes.js';
import type { Database } from '../store/database.js';
import type { LogStore } from '../store/logs/log-store.js';
import type { MetricStore } from '../store/metrics/metric-store.js';
import type { StorageGuard } from '../store/storage/storage-guard.js';
import type { Analyst } from './analysis/analyst.js';
import type { Proposer } from './search/proposer.js';

export interface Deps {
  readonly database: Database;
  readonly metrics: MetricStore;
  readonly logs: LogStore;
  readonly blobs: BlobStore;
  /** Hints that something was committed; losing one costs latency, never data. */
  readonly wakeups: Wakeups;
  /** Whether there is room for new data. */
  readonly storage: StorageGuard;
  readonly proposer: Proposer;
  readonly analyst: Analyst;
  readonly clock: Clock;
  /** How long a day of keeping lasts, in milliseconds: 86,400,000, and less in soak tests. */
  readonly dayMs: number;
  readonly random: RandomBytes;
  /** Server secret under which tokens are HMACed: 32 bytes. */
  readonly pepper: Buffer;
  log(line: string): void;
}

export interface Clock {
  now(): Date;
  monotonicMs(): number;
  /** Resolves after `ms`, or early when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** `length` random bytes, cryptographically strong outside of simulations. */
export type RandomBytes = (length: number) => Buffer;
