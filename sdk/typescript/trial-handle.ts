/** A trial as others see it: read it, follow its console, ask it to stop. The process that executes it holds a `Trial`. */

import type { Client } from './client.js';
import { decodeColumn } from './columns.js';
import { followConsole } from './follow-console.js';
import {
  LogLinesDocument,
  type LogPageFieldsFragment,
  LogSearchDocument,
  type LogSearchQuery,
  type LogSource,
  StopTrialDocument,
  TrialDocument,
  type TrialQuery,
} from './generated/operations.js';
import { type MetricDelta, type PointsOptions, readPoints } from './points.js';

export type TrialView = NonNullable<TrialQuery['trial']>;

export interface LogLine {
  readonly seq: number;
  readonly text: string;
  readonly source: LogSource;
  /** Seconds since the epoch. */
  readonly time: number;
}

export interface TailOptions {
  /** Lines of the past to begin with; default all. */
  readonly last?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SearchLogOptions {
  /** Whether upper and lower case differ; by default they do not. */
  readonly isCaseSensitive?: boolean | undefined;
  /** Default: the newest attempt. */
  readonly attempt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How far the search is: lines looked at, and lines there are. */
  onProgress?(searched: number, total: number): void;
}

export class TrialHandle {
  readonly id: string;
  readonly #client: Client;
  #view: TrialView;

  constructor(client: Client, view: TrialView) {
    this.#client = client;
    this.#view = view;
    this.id = view.id;
  }

  /** As it was when last loaded. */
  get view(): TrialView {
    return this.#view;
  }

  /** Loads it again. */
  async load(): Promise<TrialView> {
    const { trial } = await this.#client.request(TrialDocument, { id: this.id });
    if (trial) this.#view = trial;
    return this.#view;
  }

  /** Every point, page by page, until all that is stored was read. */
  points(options: PointsOptions = {}): AsyncGenerator<MetricDelta> {
    return readPoints(this.#client, { trialIds: [this.id] }, options);
  }

  /** Console lines of its newest job: those written, then new ones as they come; ends with the job. None without a runner. */
  async *tail({ last, signal }: TailOptions = {}): AsyncGenerator<LogLine> {
    const job = (await this.load()).jobs.reduce<TrialView['jobs'][number] | null>(
      (a, b) => (a && a.attempt > b.attempt ? a : b),
      null,
    );
    if (!job) return;
    const { logLines } = await this.#client.request(
      LogLinesDocument,
      { jobId: job.id, tail: last ?? null },
      { signal },
    );
    yield* linesOf(logLines);
    for await (const page of followConsole(this.#client, job.id, logLines.cursor, signal)) yield* linesOf(page);
  }

  /** Lines of its console that contain `text`, of the whole log; nothing is a pattern. The server looks at it page by page. */
  async *searchLog(text: string, options: SearchLogOptions = {}): AsyncGenerator<LogLine> {
    const { isCaseSensitive: caseSensitive = false, attempt = null, signal, onProgress } = options;
    let after: string | null = null;
    for (let hasMore = true; hasMore; ) {
      const { logSearch }: LogSearchQuery = await this.#client.request(
        LogSearchDocument,
        { trialId: this.id, attempt, text, caseSensitive, after, first: 1_000 },
        { signal },
      );
      const [seqs, times] = [decodeColumn(logSearch.seqs), decodeColumn(logSearch.times)];
      onProgress?.(logSearch.searched, logSearch.total);
      for (const [i, line] of logSearch.lines.entries()) {
        yield {
          seq: seqs[i] ?? Number.NaN,
          text: line,
          source: logSearch.sources[i] ?? 'STDOUT',
          time: times[i] ?? Number.NaN,
        };
      }
      ({ cursor: after, hasMore } = logSearch);
    }
  }

  async stop(reason?: string): Promise<void> {
    await this.#client.request(StopTrialDocument, { id: this.id, reason: reason ?? null });
  }
}

function linesOf(page: LogPageFieldsFragment): LogLine[] {
  const times = decodeColumn(page.times);
  return page.lines.map((text, at) => ({
    seq: page.firstSeq + at,
    text,
    source: page.sources[at] ?? 'STDOUT',
    time: times[at] ?? Number.NaN,
  }));
}
