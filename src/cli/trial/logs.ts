/** Prints a trial's console: stdout to stdout, stderr to stderr; with `--follow` as it is written. */

import {
  JobLogDocument,
  type JobLogSubscription,
  LogLinesDocument,
  type LogLinesQuery,
  type LogPageFieldsFragment,
} from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { type ConnectionOptions, withClient } from '../connection.js';
import { CommandError, type OutputOptions, printJsonLine } from '../output.js';
import { stopSignal } from '../stopping.js';
import { loadTrial } from './load-trial.js';

export interface LogFlags extends ConnectionOptions, OutputOptions {
  readonly follow?: boolean;
  readonly tail?: string;
  readonly attempt?: string;
}

const FINISHED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'TERMINATED', 'PREEMPTED', 'LOST']);

export async function showLogs(pathOrId: string, flags: LogFlags): Promise<void> {
  await withClient(flags, async (client) => {
    const { jobs, number } = await loadTrial(client, pathOrId);
    const job = flags.attempt === undefined ? jobs.at(-1) : jobs.find((one) => one.attempt === Number(flags.attempt));
    if (!job)
      throw new CommandError(
        `trial ${number} has no ${flags.attempt === undefined ? 'attempt run by a runner' : `attempt ${flags.attempt}`}`,
      );
    const cursor = await printStored(client, job.id, flags);
    if (flags.follow === true && !FINISHED.has(job.state)) await follow(client, job.id, cursor, flags);
  });
}

async function printStored(client: Client, jobId: string, flags: LogFlags): Promise<string> {
  let after: string | null = null;
  const tail = flags.tail === undefined ? null : Number(flags.tail);
  for (;;) {
    const reply: LogLinesQuery = await client.request(LogLinesDocument, {
      jobId,
      after,
      tail: after === null ? tail : null,
    });
    print(reply.logLines, flags);
    if (!reply.logLines.hasMore) return reply.logLines.cursor;
    after = reply.logLines.cursor;
  }
}

/** Ends by itself when the job has ended and all its lines were printed: the subscription then completes. */
async function follow(client: Client, jobId: string, cursor: string, flags: LogFlags): Promise<void> {
  const signal = stopSignal({ limitSeconds: 5 });
  const variables = (last: JobLogSubscription | null) => ({ jobId, after: last?.jobLog.cursor ?? cursor });
  for await (const { jobLog } of client.subscribe(JobLogDocument, variables, { signal })) print(jobLog, flags);
}

function print(page: LogPageFieldsFragment, flags: LogFlags): void {
  page.lines.forEach((line, i) => {
    const source = page.sources[i];
    if (flags.json === true) printJsonLine({ seq: page.firstSeq + i, source, line });
    else (source === 'STDOUT' ? process.stdout : process.stderr).write(`${line}\n`);
  });
}
