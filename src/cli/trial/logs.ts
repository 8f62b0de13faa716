/** Prints a trial's console: stdout to stdout, stderr to stderr; with `--follow` as it is written. */

import { decodeColumn } from '../../../sdk/typescript/columns.js';
import { followConsole } from '../../../sdk/typescript/follow-console.js';
import {
  LogLinesDocument,
  type LogLinesQuery,
  type LogPageFieldsFragment,
  LogSearchDocument,
  type LogSearchQuery,
} from '../../../sdk/typescript/generated/operations.js';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { type ConnectionOptions, withClient } from '../connection.js';
import { CommandError, type OutputOptions, printJsonLine } from '../output.js';
import { stopSignal } from '../stopping.js';
import { wholeNumber } from '../whole-number.js';
import { loadTrial } from './load-trial.js';

export interface LogFlags extends ConnectionOptions, OutputOptions {
  readonly follow?: boolean;
  readonly tail?: string;
  readonly attempt?: string;
  readonly search?: string;
}

export async function showLogs(pathOrId: string, flags: LogFlags): Promise<void> {
  await withClient(flags, async (client) => {
    const { jobs, number } = await loadTrial(client, pathOrId);
    const attempt = flags.attempt === undefined ? null : wholeNumber(flags.attempt, '--attempt');
    const job = attempt === null ? jobs.at(-1) : jobs.find((one) => one.attempt === attempt);
    if (!job)
      throw new CommandError(
        `trial ${number} has no ${attempt === null ? 'attempt run by a runner' : `attempt ${attempt}`}`,
      );
    if (flags.search !== undefined) return printMatches(client, job.id, flags.search, flags);
    const cursor = await printStored(client, job.id, flags);
    if (flags.follow === true) await follow(client, job.id, cursor, flags);
  });
}

/** With their line numbers, as grep does. */
async function printMatches(client: Client, jobId: string, text: string, flags: LogFlags): Promise<void> {
  let after: string | null = null;
  for (let hasMore = true; hasMore; ) {
    const { logSearch }: LogSearchQuery = await client.request(LogSearchDocument, { jobId, text, after, first: 1_000 });
    const seqs = decodeColumn(logSearch.seqs);
    logSearch.lines.forEach((line, i) => {
      const seq = seqs[i] as number; // columns are of equal length
      if (flags.json === true) printJsonLine({ seq, source: logSearch.sources[i], line });
      else process.stdout.write(`${seq + 1}: ${line}\n`);
    });
    ({ cursor: after, hasMore } = logSearch);
    if (process.stderr.isTTY && hasMore)
      process.stderr.write(`\rsearched ${logSearch.searched} of ${logSearch.total} lines`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

async function printStored(client: Client, jobId: string, flags: LogFlags): Promise<string> {
  let after: string | null = null;
  const tail = flags.tail === undefined ? null : wholeNumber(flags.tail, '--tail');
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

/** Ends by itself when the job has ended and all its lines were printed. */
async function follow(client: Client, jobId: string, cursor: string, flags: LogFlags): Promise<void> {
  const signal = stopSignal({ limitSeconds: 5 });
  for await (const page of followConsole(client, jobId, cursor, signal)) print(page, flags);
}

function print(page: LogPageFieldsFragment, flags: LogFlags): void {
  page.lines.forEach((line, i) => {
    const source = page.sources[i];
    if (flags.json === true) printJsonLine({ seq: page.firstSeq + i, source, line });
    else (source === 'STDOUT' ? process.stdout : process.stderr).write(`${line}\n`);
  });
}
