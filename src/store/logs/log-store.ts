/**
 * Console output of attempts: lines written once, read by page or from the end. It follows the rules of the metric store
 * (`metrics/metric-store.ts`) with lines in place of points: trim, GAP, CONFLICT, FENCED, each batch judged alone.
 */
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { ReportOutcome } from '../../domain/metric.js';
import type { LogStream } from '../../domain/training-job.js';
import type { StopReason } from '../../domain/trial.js';

export type LogSource = 'STDOUT' | 'STDERR' | 'SYSTEM';

/** Columns of equal length; times are seconds since the epoch. */
export interface LogLines {
  readonly lines: readonly string[];
  readonly sources: readonly LogSource[];
  readonly times: Float64Array;
}

export interface LogBatch extends LogLines {
  readonly projectId: ProjectId;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly epoch: number | null;
  readonly stream: string;
  /** How many lines of this stream came before. */
  readonly seq: number;
}

export interface LogAppendResult {
  readonly outcome: ReportOutcome;
  readonly nextSeq: number;
  /** Null when FENCED. */
  readonly experimentId: ExperimentId | null;
  /** Set when someone asked the trial to end. */
  readonly stopReason: StopReason | null;
}

export interface LogQuery {
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly stream: string;
  /** A cursor of an earlier page of this stream; null: from the start, or from `tail`. */
  readonly after: string | null;
  /** Lines at most; a page of very long lines holds fewer. */
  readonly first: number;
  /** Without a cursor: begin so many lines before the end. */
  readonly tail: number | null;
}

export interface LogPage extends LogLines {
  readonly cursor: string;
  /** Number of the first line of the page in its stream. */
  readonly firstSeq: number;
  readonly hasMore: boolean;
}

export interface LogSearch {
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly stream: string;
  /** What a line must contain, as a terminal shows it: colours and other escape sequences are not part of a line. */
  readonly text: string;
  readonly isCaseSensitive: boolean;
  /** A cursor of an earlier page; null: from the first line. */
  readonly after: string | null;
  /** Matches at most. */
  readonly first: number;
}

/** Lines that match, in order. A page ends with its matches or after so much text, be it without any match. */
export interface LogMatches extends LogLines {
  readonly cursor: string;
  /** Number of each line in its stream. */
  readonly seqs: Float64Array;
  /** Lines of the stream that were looked at up to here, by this page and those before it. */
  readonly searched: number;
  /** Lines that the stream has. */
  readonly total: number;
  readonly hasMore: boolean;
}

export interface LogStore {
  /** Resolves after the lines are durable. Idempotent by (trial, attempt, stream, seq). @throws OVERLOADED */
  append(batch: LogBatch): Promise<LogAppendResult>;
  /** @throws CURSOR_INVALID, CURSOR_EXPIRED */
  readPage(query: LogQuery): Promise<LogPage>;
  /** @throws CURSOR_INVALID, CURSOR_EXPIRED */
  search(query: LogSearch): Promise<LogMatches>;
  /** Per trial of `trialIds`: the streams of all attempts. */
  readStreams(trialIds: readonly TrialId[]): Promise<(readonly LogStream[])[]>;
  /** Writes what waits, then refuses all that comes. */
  close(): Promise<void>;
}
