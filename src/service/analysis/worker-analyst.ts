/**
 * Analyses in a worker thread of their own: neither the server nor a proposal waits for them, and one that takes too long is cut
 * off.
 */
import { PlatformError } from '../../domain/errors.js';
import { HistoryWorker, LateAnswer } from '../search/history-worker.js';
import type { AnalysisRequest, Analyst } from './analyst.js';
import type { AnalysisAnswer, AnalysisKind, AnalysisOptions } from './questions.js';

/** What the worker is asked about a history. */
export interface AnalystRequest {
  readonly kind: AnalysisKind;
  readonly options: AnalysisOptions<AnalysisKind>;
}

export interface WorkerAnalystOptions {
  /** Longest time for one answer. Default 15,000. */
  readonly limitMs?: number;
  /** Questions that may wait. Default 200. */
  readonly mostWaiting?: number;
}

const LIMIT_MS = 15_000;
const MOST_WAITING = 200;
/** Seconds, where the others take milliseconds. */
const DEAR: ReadonlySet<AnalysisKind> = new Set(['importance', 'surface']);

/** An analyst with one worker, started at the first question. Questions are answered in order, the dear ones last. */
export function openWorkerAnalyst(options: WorkerAnalystOptions = {}): Analyst {
  return new WorkerAnalyst(options.limitMs ?? LIMIT_MS, options.mostWaiting ?? MOST_WAITING);
}

class WorkerAnalyst implements Analyst {
  readonly #limitMs: number;
  readonly #mostWaiting: number;
  readonly #worker: HistoryWorker<AnalystRequest, AnalysisAnswer<AnalysisKind>>;

  constructor(limitMs: number, mostWaiting: number) {
    this.#limitMs = limitMs;
    this.#mostWaiting = mostWaiting;
    const entry = new URL('./analysis-worker.js', import.meta.url);
    this.#worker = new HistoryWorker<AnalystRequest, AnalysisAnswer<AnalysisKind>>({
      what: 'analysis',
      entry,
      limitMs,
    });
  }

  async answer<Kind extends AnalysisKind>(request: AnalysisRequest<Kind>): Promise<AnalysisAnswer<Kind>> {
    const { kind, options, history, experimentId } = request;
    const { waiting } = this.#worker;
    if (waiting >= this.#mostWaiting)
      throw new PlatformError('OVERLOADED', `${waiting} analyses wait already: ask again shortly`);
    try {
      const about = { history, key: experimentId, canWait: DEAR.has(kind) };
      const answer = await this.#worker.ask({ kind, options }, about);
      return answer as AnalysisAnswer<Kind>; // of the kind that was asked
    } catch (error) {
      throw error instanceof LateAnswer ? this.#tooCostly(kind) : error;
    }
  }

  close(): Promise<void> {
    return this.#worker.close();
  }

  #tooCostly(kind: AnalysisKind): PlatformError {
    return new PlatformError(
      'QUERY_TOO_COSTLY',
      `the analysis ${kind} took more than ${this.#limitMs / 1_000} s: ask for fewer trials or parameters, or for importance by PED_ANOVA`,
      { analysis: kind, limitMs: this.#limitMs },
    );
  }
}
