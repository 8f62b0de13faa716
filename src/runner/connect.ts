/** The agent's calls, made with the SDK's client. The client gives each mutation a request id, so that a retried call has one effect. */
import { Client } from '../../sdk/typescript/client.js';
import { encodeColumn } from '../../sdk/typescript/columns.js';
import {
  FinishJobDocument,
  LeaseJobsDocument,
  RegisterRunnerDocument,
  RenewLeasesDocument,
  ReportLogsDocument,
  StartJobDocument,
} from '../../sdk/typescript/generated/operations.js';
import { syncSpool } from '../../sdk/typescript/spool-sync.js';
import type { ServerApi } from './server-api.js';

export interface Connection {
  readonly url: string;
  readonly apiKey: string;
  /** Ends all waiting for a server that is away. */
  readonly signal: AbortSignal;
}

/** Work that is done must be told, however long the server is away. */
const FOR_EVER = { limitSeconds: Number.POSITIVE_INFINITY };
/** A request for work that is under way at the end is waited for this long: what it brings has to be given back. */
const LAST_LEASE_MS = 5_000;
/** A heartbeat is not worth repeating for long: the next one follows. */
const BEAT_TIMEOUT_MS = 10_000;

export function connect({ url, apiKey, signal }: Connection): ServerApi & { close(): Promise<void> } {
  const client = new Client({ url, apiKey, retry: FOR_EVER });
  const leasing = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => leasing.abort(), LAST_LEASE_MS).unref(), { once: true });
  return {
    register: async ({ pool, name, host, slots, gpus, bootId }) => {
      const input = { pool, name, host, slots, gpus: [...gpus], bootId };
      return (await client.request(RegisterRunnerDocument, { input }, { signal })).registerRunner.id;
    },
    lease: async (wanted) => {
      const { leaseJobs } = await client.request(LeaseJobsDocument, { input: wanted }, { signal: leasing.signal });
      return leaseJobs.map((leased) => ({
        jobId: leased.job.id,
        trialId: leased.job.trialId,
        attempt: leased.job.attempt,
        trialNumber: leased.trial.number,
        command: leased.job.command,
        gpus: leased.job.gpus,
        slots: leased.job.slots,
        timeoutSeconds: leased.job.timeoutSeconds ?? null,
        epoch: leased.epoch,
        token: leased.token,
        leaseSeconds: leased.leaseSeconds,
        environment: leased.environment,
        workingDirectory: leased.workingDirectory ?? null,
        graceSeconds: leased.graceSeconds,
      }));
    },
    renew: async (runnerId, leases) => {
      const input = { runnerId, leases: [...leases] };
      const { renewLeases } = await client.request(
        RenewLeasesDocument,
        { input },
        { signal: AbortSignal.timeout(BEAT_TIMEOUT_MS), retry: false },
      );
      return {
        drain: renewLeases.drain,
        leases: renewLeases.leases.map((order) => ({ ...order, reason: order.reason ?? null })),
      };
    },
    start: async (jobId, epoch) =>
      (await client.request(StartJobDocument, { input: { jobId, epoch } })).startJob.outcome,
    finish: async (finish) => (await client.request(FinishJobDocument, { input: finish })).finishJob.outcome,
    reportLogs: async (job, batch, flushing) => {
      const own = new Client({ url, apiKey: job.token, retry: FOR_EVER });
      const input = {
        trialId: job.trialId,
        attempt: job.attempt,
        stream: 'console',
        seq: batch.seq,
        lines: [...batch.lines],
        sources: [...batch.sources],
        times: encodeColumn(Float64Array.from(batch.times)),
      };
      return (await own.request(ReportLogsDocument, { input }, { signal: flushing })).reportLogs;
    },
    syncSpool: async (token, directory, flushing) => {
      await syncSpool(directory, { url, apiKey: token, signal: flushing });
    },
    close: () => client.close(),
  };
}
