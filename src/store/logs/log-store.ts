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

export interface LogStore {
  /** Resolves after the lines are durable. Idempotent by (trial, attempt, stream, seq). @throws OVERLOADED */
  append(batch: LogBatch): Promise<LogAppendResult>;
  /** @throws CURSOR_INVALID, CURSOR_EXPIRED */
  readPage(query: LogQuery): Promise<LogPage>;
  /** Per trial of `trialIds`: the streams of all attempts. */
  readStreams(trialIds: readonly TrialId[]): Promise<(readonly LogStream[])[]>;
  /** Writes what waits, then refuses all that comes. */
  close(): Promise<void>;
}
