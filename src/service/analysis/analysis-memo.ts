/**
 * Answers by what was asked and of which state of the experiment, so that fifty viewers cost one computation. An answer that is
 * being computed is shared too; a newer state takes the place of the older.
 */
import { isPlatformError } from '../../domain/errors.js';

/** How long it is remembered that an answer was too costly: another time the machine may have less to do. */
const COSTLY_MS = 60_000;
/** Answers that are kept, and bytes of their columns: the least recently used go first. */
const MOST = { answers: 1_000, bytes: 64 * 1024 * 1024 } as const;

interface Kept {
  readonly version: string;
  readonly answer: Promise<unknown>;
  /** 0 while it is being computed. */
  bytes: number;
  /** When it turned out to be too costly. */
  costlyMs: number | null;
}

export class AnalysisMemo {
  /** By question; the least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  readonly #now: () => number;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The answer to `question` at `version`: one that is kept, or what `compute` gives. A failure is forgotten at once, but for that
   * of an answer that is too costly, which would mostly be repeated: after a minute.
   */
  answer<Answer>(question: string, version: string, compute: () => Promise<Answer>): Promise<Answer> {
    const before = this.#kept.get(question);
    if (before?.version === version && !this.#isStale(before)) {
      this.#kept.delete(question);
      this.#kept.set(question, before);
      return before.answer as Promise<Answer>; // the question tells its type
    }
    this.#drop(question);
    const answer = compute();
    const kept: Kept = { version, answer, bytes: 0, costlyMs: null };
    this.#kept.set(question, kept);
    answer.then(
      (found) => this.#weigh(question, kept, bytesOf(found)),
      (error: unknown) => {
        if (isPlatformError(error) && error.code === 'QUERY_TOO_COSTLY') kept.costlyMs = this.#now();
        else if (this.#kept.get(question) === kept) this.#drop(question);
      },
    );
    return answer;
  }

  #isStale({ costlyMs }: Kept): boolean {
    return costlyMs !== null && this.#now() - costlyMs > COSTLY_MS;
  }

  #weigh(question: string, kept: Kept, bytes: number): void {
    if (this.#kept.get(question) !== kept) return;
    kept.bytes = bytes;
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST.answers && this.#bytes <= MOST.bytes) break;
      if (this.#kept.size === 1) break;
      this.#drop(oldest);
    }
  }

  #drop(question: string): void {
    this.#bytes -= this.#kept.get(question)?.bytes ?? 0;
    this.#kept.delete(question);
  }
}

/** What an answer takes in memory, roughly. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let sum = 16;
  for (const part of Object.values(value)) sum += bytesOf(part);
  return sum;
}
