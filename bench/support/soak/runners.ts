/** Agents on machines: each start registers anew, leases jobs, reports lines and points, finishes, or falls silent with its leases. */
import { randomUUID } from 'node:crypto';
import { encodeColumn } from '../../../sdk/typescript/columns.js';
import {
  CreateApiKeyDocument,
  CreateExperimentDocument,
  CreateTrialDocument,
  DeleteTrialDocument,
  FinishJobDocument,
  LeaseJobsDocument,
  type LeaseJobsMutation,
  RegisterRunnerDocument,
  RenewLeasesDocument,
  ReportLogsDocument,
  ReportMetricsDocument,
  ResourcePoolsDocument,
  StartJobDocument,
  TrialsDocument,
} from '../../../sdk/typescript/generated/operations.js';
import { Client } from '../../../sdk/typescript/node-client.js';
import { sleep } from '../../../sdk/typescript/retry.js';
import type { Ground } from './ground.js';

export interface Queue {
  readonly experimentId: string;
  /** With the key of a runner of the pool. */
  readonly client: Client;
  /** Jobs that run now: what a `jobLog` may follow. */
  readonly jobIds: Set<string>;
}

type Leased = LeaseJobsMutation['leaseJobs'][number];

const POOL = 'default';
const SLOTS = 3;
const DELETED_AFTER_DAYS = 2;
const AT_ONCE = 4;

export async function openQueue({ client, server }: Ground): Promise<Queue> {
  const { resourcePools } = await client.request(ResourcePoolsDocument, {});
  const poolId = resourcePools.find(({ name }) => name === POOL)?.id ?? null;
  const key = { kind: 'RUNNER', name: 'soak', poolId } as const;
  const { createApiKey } = await client.request(CreateApiKeyDocument, { input: key });
  const input = { project: 'kept', name: 'jobs', command: ['train'], pool: POOL };
  const { createExperiment } = await client.request(CreateExperimentDocument, { input });
  return {
    experimentId: createExperiment.id,
    client: new Client({ url: server.url, apiKey: createApiKey.secret }),
    jobIds: new Set(),
  };
}

/** One start of an agent, from its registration to its end. */
export async function runAgentOnce(ground: Ground, queue: Queue): Promise<void> {
  const { random } = ground;
  await fillQueue(ground, queue);
  const runner = {
    pool: POOL,
    name: `agent-${randomUUID()}`,
    host: 'soak',
    slots: SLOTS,
    gpus: [],
    bootId: randomUUID(),
  };
  const { registerRunner } = await queue.client.request(RegisterRunnerDocument, { input: runner });
  const runnerId = registerRunner.id;
  const wanted = { runnerId, freeSlots: SLOTS, freeGpus: 0, max: SLOTS };
  const { leaseJobs } = await queue.client.request(LeaseJobsDocument, { input: wanted });
  for (const { job } of leaseJobs) queue.jobIds.add(job.id);
  const dies = random() < 0.25;
  const over = new AbortController();
  const beating = beat(queue, runnerId, leaseJobs, over.signal);
  try {
    await Promise.all(leaseJobs.map((leased) => runJob(ground, queue, leased, dies)));
  } finally {
    over.abort();
    await beating;
    for (const { job } of leaseJobs) queue.jobIds.delete(job.id);
  }
}

/** As many waiting trials as one agent takes: what agents that died left is taken up first, else the queue grows for ever. */
async function fillQueue({ client }: Ground, { experimentId }: Queue): Promise<void> {
  const { trials } = await client.request(TrialsDocument, {
    experimentId,
    first: SLOTS,
    filter: { states: ['WAITING'] },
  });
  for (let i = trials.nodes.length; i < SLOTS; i++)
    await client.request(CreateTrialDocument, { input: { experimentId, params: { i } } });
}

async function beat(queue: Queue, runnerId: string, leased: readonly Leased[], signal: AbortSignal): Promise<void> {
  const leases = leased.map(({ job, epoch }) => ({ jobId: job.id, epoch }));
  while (!signal.aborted) {
    await queue.client.request(RenewLeasesDocument, { input: { runnerId, leases } });
    await sleep(1_000, signal);
  }
}

async function runJob({ random, server, timing }: Ground, queue: Queue, leased: Leased, dies: boolean): Promise<void> {
  const { epoch, job, token } = leased;
  const own = new Client({ url: server.url, apiKey: token });
  const whose = { trialId: job.trialId, attempt: job.attempt };
  await queue.client.request(StartJobDocument, { input: { jobId: job.id, epoch } });
  const rounds = 1 + Math.floor((random() * timing.longestTrialMs) / 4_000);
  let lines = 0;
  for (let step = 0; step < rounds; step++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 200) }, (_, i) => `line ${lines + i} of ${job.id}`);
    const times = encodeColumn(Float64Array.from(text, () => Date.now() / 1_000));
    const sources = text.map(() => 'STDERR' as const);
    const log = { ...whose, stream: 'console', seq: lines, lines: text, sources, times };
    await own.request(ReportLogsDocument, { input: log });
    lines += text.length;
    const column = (value: number) => encodeColumn(Float64Array.of(value));
    const point = { key: 'loss', steps: column(step), times: column(Date.now() / 1_000), values: column(random()) };
    await own.request(ReportMetricsDocument, { input: { ...whose, stream: 'job', seq: step, series: [point] } });
    await sleep(500);
  }
  if (dies) return;
  const outcome = random() < 0.9 ? 'COMPLETED' : 'FAILED';
  await queue.client.request(FinishJobDocument, { input: { jobId: job.id, epoch, outcome, exitCode: 0 } });
}

/** Deletes trials of the queue that ended long ago. */
export async function tidyQueue({ client, dayMs, signal }: Ground, { experimentId }: Queue): Promise<void> {
  const filter = { states: ['COMPLETED', 'FAILED', 'STOPPED', 'PRUNED'] as const };
  const orderBy = { by: 'NUMBER', direction: 'ASC' } as const; // the oldest first: those are due
  const page = { experimentId, first: 100, filter: { states: [...filter.states] }, orderBy };
  const { trials } = await client.request(TrialsDocument, page);
  const due = trials.nodes.filter(
    ({ endedAt }) => endedAt && Date.now() - Date.parse(endedAt) > DELETED_AFTER_DAYS * dayMs,
  );
  for (let i = 0; i < due.length && !signal.aborted; i += AT_ONCE)
    await Promise.all(due.slice(i, i + AT_ONCE).map(({ id }) => client.request(DeleteTrialDocument, { id })));
}
