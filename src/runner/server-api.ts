/** What an agent needs of the server: a handful of calls. `connect` makes them from the SDK's client. */

import type { JobEnd } from './classify.js';
import type { Gpu } from './gpus.js';
import type { LogAck, LogBatch } from './logs.js';

export interface LeasedJob {
  readonly jobId: string;
  readonly trialId: string;
  readonly attempt: number;
  readonly trialNumber: number;
  readonly command: readonly string[];
  readonly gpus: number;
  readonly slots: number;
  readonly timeoutSeconds: number | null;
  readonly epoch: number;
  readonly token: string;
  readonly leaseSeconds: number;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly workingDirectory: string | null;
  readonly graceSeconds: number;
}

export interface LeaseOrder {
  readonly jobId: string;
  readonly outcome: 'RENEWED' | 'FENCED';
  readonly stop: boolean;
  readonly reason: string | null;
}

export interface JobFinish {
  readonly jobId: string;
  readonly epoch: number;
  readonly outcome: JobEnd;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly cause: 'USER_CODE' | 'OOM' | 'INFRASTRUCTURE' | 'PREEMPTED' | 'TIMEOUT' | null;
  readonly message: string | null;
}

export type JobWriteOutcome = 'ACCEPTED' | 'FENCED';

/** Calls retry by themselves while the server is away, until `signal` aborts; what rejects is final. */
export interface ServerApi {
  register(runner: {
    pool: string;
    name: string;
    host: string;
    slots: number;
    gpus: readonly Gpu[];
    bootId: string;
  }): Promise<string>;
  lease(request: { runnerId: string; freeSlots: number; freeGpus: number; max: number }): Promise<readonly LeasedJob[]>;
  renew(
    runnerId: string,
    leases: readonly { jobId: string; epoch: number }[],
  ): Promise<{ leases: readonly LeaseOrder[]; drain: boolean }>;
  start(jobId: string, epoch: number): Promise<JobWriteOutcome>;
  finish(finish: JobFinish): Promise<JobWriteOutcome>;
  /** With the trial's own token: dies with the epoch. */
  reportLogs(job: LeasedJob, batch: LogBatch, signal: AbortSignal): Promise<LogAck>;
  /** Sends what a job's process could not send before it ended. Resolves to how many points are still unsent. */
  syncSpool(token: string, directory: string, signal: AbortSignal): Promise<void>;
}
