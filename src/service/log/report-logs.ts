import { PlatformError } from '../../domain/errors.js';
import type { TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { LogLines, LogSource } from '../../store/logs/log-store.js';
import type { Deps } from '../deps.js';
import { requireWritableTrial } from '../metric/places.js';
import type { ReportResult } from '../metric/report-metrics.js';
import { verdictAfter } from '../metric/verdict-after.js';
import { cutLine } from './cut-line.js';
import { logTopic } from './log-topic.js';

export const LOG_LIMITS = {
  linesPerBatch: 5_000,
  lineBytes: 64 * 1024,
  batchBytes: 4 * 1024 * 1024,
  streamBytes: 128,
} as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const BAD_NAME = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u;

export interface ReportLogsInput {
  readonly trialId: TrialId;
  readonly attempt: number;
  /** `console` for what a runner captures. */
  readonly stream: string;
  /** Lines of this stream before this batch. */
  readonly seq: number;
  /** Longer than 64 KiB: cut, with the number of bytes that are missing. */
  readonly lines: readonly string[];
  readonly sources: readonly LogSource[];
  /** Seconds since the epoch. */
  readonly times: Float64Array;
}

/**
 * Stores lines of a trial's console. Durable when it resolves; idempotent by (trial, attempt, stream, seq).
 * @throws NOT_FOUND, FORBIDDEN, INPUT_INVALID; LIMIT_EXCEEDED above 5,000 lines or 4 MiB; OVERLOADED, STORAGE_FULL
 */
export async function reportLogs(deps: Deps, principal: Principal, input: ReportLogsInput): Promise<ReportResult> {
  const { trialId, attempt, stream, seq } = input;
  const { projectId } = await requireWritableTrial(deps, principal, trialId);
  const content = checkedLines(input);
  const epoch = principal.kind === 'trial' ? principal.epoch : null;
  const append = () => deps.logs.append({ projectId, trialId, attempt, epoch, stream, seq, ...content });
  const result = content.lines.length === 0 ? await append() : await deps.storage.guarded(append);
  if (result.outcome === 'ACCEPTED') deps.wakeups.notify(logTopic(trialId));
  const verdict = await verdictAfter(deps, trialId, { ...result, touchesObjective: false });
  return { outcome: result.outcome, nextSeq: result.nextSeq, verdict };
}

function checkedLines({ attempt, stream, seq, lines, sources, times }: ReportLogsInput): LogLines {
  const invalid = (message: string) => new PlatformError('INPUT_INVALID', message);
  const exceeded = (message: string, limit: number) => new PlatformError('LIMIT_EXCEEDED', message, { limit });
  const { linesPerBatch, lineBytes, batchBytes, streamBytes } = LOG_LIMITS;
  if (stream === '' || Buffer.byteLength(stream) > streamBytes || BAD_NAME.test(stream))
    throw invalid(`stream must have 1 to ${streamBytes} bytes and no control characters`);
  if (!Number.isSafeInteger(seq) || seq < 0) throw invalid('seq must be a safe integer of at least 0');
  if (!Number.isSafeInteger(attempt) || attempt < 0 || attempt > 2_147_483_647)
    throw invalid('attempt must be an integer of at least 0');
  if (lines.length !== sources.length || lines.length !== times.length) {
    throw invalid(`columns differ in length: ${lines.length} lines, ${sources.length} sources, ${times.length} times`);
  }
  if (lines.length > linesPerBatch)
    throw exceeded(`a batch may hold ${linesPerBatch} lines, this one has ${lines.length}`, linesPerBatch);
  if (!times.every(Number.isFinite)) throw invalid('times must be finite');
  const cut = lines.map((line) => cutLine(line, lineBytes));
  const bytes = cut.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  if (bytes > batchBytes)
    throw exceeded(`a batch may hold ${batchBytes} bytes of text, this one has ${bytes}; send it in parts`, batchBytes);
  return { lines: cut, sources, times };
}
