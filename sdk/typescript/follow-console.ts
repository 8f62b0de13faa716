/** The console of a training job as it is written, to its end. The server's feed has no end: the job's state is watched beside it. */

import type { Client } from './client.js';
import {
  JobLogDocument,
  type JobLogSubscription,
  LogLinesDocument,
  type LogLinesQuery,
  type LogPageFieldsFragment,
  TrainingJobDocument,
} from './generated/operations.js';
import { sleep } from './retry.js';

const LOOK_MS = 1_000;
const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'TERMINATED', 'PREEMPTED', 'LOST']);

/** Pages after the cursor `after`, until the job has ended and its last line was given, or `signal` aborts. */
export async function* followConsole(
  client: Client,
  jobId: string,
  after: string,
  signal?: AbortSignal,
): AsyncGenerator<LogPageFieldsFragment> {
  const over = new AbortController();
  const live = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const watching = jobEnd(client, jobId, live).then(() => over.abort());
  let cursor = after;
  try {
    const variables = (last: JobLogSubscription | null) => ({ jobId, after: last?.jobLog.cursor ?? after });
    for await (const { jobLog } of client.subscribe(JobLogDocument, variables, { signal: live })) {
      cursor = jobLog.cursor;
      yield jobLog;
    }
    for (let hasMore = true; hasMore && !signal?.aborted; ) {
      const { logLines }: LogLinesQuery = await client.request(LogLinesDocument, { jobId, after: cursor }, { signal });
      yield logLines;
      ({ cursor, hasMore } = logLines);
    }
  } finally {
    over.abort();
    await watching;
  }
}

/** Resolves when the job has ended or is gone, or `signal` aborts. A runner sends the last lines before it tells the end. */
async function jobEnd(client: Client, jobId: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const job = await client.request(TrainingJobDocument, { id: jobId }, { signal, retry: false }).then(
      ({ trainingJob }) => trainingJob ?? null,
      () => undefined, // the feed tells what is wrong
    );
    if (job === null || (job && ENDED.has(job.state))) return;
    await sleep(LOOK_MS, signal);
  }
}
