/** Fills a LogStore: the last lines by query, then what is written after them. */
import {
  decodeColumn,
  JobLogDocument,
  LogLinesDocument,
  type LogPageFieldsFragment,
} from '../../../sdk/typescript/browser.js';
import { client, codeOf, request } from '../api/client.js';
import type { LogLines, LogStore } from './log-store.js';

const PAGE = 1000;
const TAIL = 2000;
const POLL_MS = 2000;

/** An attempt on a runner has a job; one of a script has not, and is polled. */
export interface LogPlace {
  readonly trialId: string;
  readonly attempt: number;
  readonly jobId: string | null;
}

export interface LogFeedOptions {
  readonly place: LogPlace;
  /** From the first line instead of the last ones. */
  readonly isWhole: boolean;
  readonly signal: AbortSignal;
}

/** Resolves when the log ends or `signal` aborts. @throws TrialgraphError when trying again cannot help. */
export async function feedLog(store: LogStore, options: LogFeedOptions): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await follow(store, options);
      return;
    } catch (error) {
      if (options.signal.aborted) return;
      if (codeOf(error) !== 'CURSOR_EXPIRED') throw error;
    }
  }
}

async function follow(store: LogStore, { place, isWhole, signal }: LogFeedOptions): Promise<void> {
  store.clear();
  let cursor = await readPages(store, place, isWhole ? null : TAIL, null, signal);
  if (place.jobId !== null) {
    const deltas = client.subscribe(JobLogDocument, () => ({ jobId: place.jobId ?? '', after: cursor }), { signal });
    for await (const { jobLog } of deltas) {
      cursor = jobLog.cursor;
      store.append(decode(jobLog));
    }
    return;
  }
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (!signal.aborted) cursor = await readPages(store, place, null, cursor, signal);
  }
}

/** @returns the cursor after the last line. */
async function readPages(
  store: LogStore,
  place: LogPlace,
  tail: number | null,
  from: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  let after = from;
  const where = place.jobId === null ? { trialId: place.trialId, attempt: place.attempt } : { jobId: place.jobId };
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    const ask = isFirst && tail !== null ? { tail } : { after };
    const page: LogPageFieldsFragment = (await request(LogLinesDocument, { ...where, ...ask, first: PAGE }, { signal }))
      .logLines;
    if (signal.aborted) break;
    store.append(decode(page));
    after = page.cursor;
    if (!page.hasMore) break;
  }
  return after;
}

function decode(page: LogPageFieldsFragment): LogLines {
  return { firstSeq: page.firstSeq, lines: page.lines, sources: page.sources, times: decodeColumn(page.times) };
}
