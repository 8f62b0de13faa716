/**
 * Carries a job's console to the server: never blocks the job's pipes, keeps order, and says how much it had to leave out.
 * Sequence numbers count lines; the server's answer is the truth, as with metrics.
 */

export interface LogBatch {
  readonly seq: number;
  readonly lines: readonly string[];
  readonly sources: readonly ('STDOUT' | 'STDERR' | 'SYSTEM')[];
  /** Seconds since the epoch. */
  readonly times: readonly number[];
}

export interface LogAck {
  readonly outcome: 'ACCEPTED' | 'GAP' | 'CONFLICT' | 'FENCED';
  readonly nextSeq: number;
}

export interface LogCarrierOptions {
  send(batch: LogBatch): Promise<LogAck>;
  now(): number;
  readonly flushMs?: number;
}

interface Line {
  readonly text: string;
  readonly source: 'STDOUT' | 'STDERR' | 'SYSTEM';
  readonly time: number;
}

const LINE_LIMIT = 64 * 1024;
const WAITING_LIMIT = 16 * 1024 * 1024;
const BATCH_LINES = 1_000;
const BATCH_CHARACTERS = 512 * 1024;
const TAIL_LINES = 30;

export class LogCarrier {
  readonly #options: LogCarrierOptions;
  readonly #partial = { STDOUT: new LineSplitter(), STDERR: new LineSplitter() };
  #waiting: Line[] = [];
  #waitingCharacters = 0;
  #seq = 0;
  #elided = 0;
  #fenced = false;
  readonly #tails = { STDOUT: [] as string[], STDERR: [] as string[], SYSTEM: [] as string[] };
  #sending: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: LogCarrierOptions) {
    this.#options = options;
  }

  /** Takes what a pipe gave. Returns at once. */
  write(source: 'STDOUT' | 'STDERR', chunk: Buffer): void {
    for (const text of this.#partial[source].push(chunk)) this.#add(text, source);
  }

  /** A line of the runner's own, e.g. why a job ended. */
  note(text: string): void {
    this.#add(text, 'SYSTEM');
  }

  /** The end of stderr (of stdout when stderr was silent), for the message of a failure; at most 2,000 characters. */
  lastLines(): string {
    const [stderr, stdout] = [this.#tails.STDERR, this.#tails.STDOUT].map((tail) =>
      tail.filter((line) => line.trim() !== ''),
    );
    return (stderr?.length ? stderr : (stdout ?? [])).slice(-8).join('\n').slice(-2_000);
  }

  /** Sends all that is waiting. Rejects only when `signal` aborts first: what is left is then counted as lost by the caller. */
  async close(signal?: AbortSignal): Promise<void> {
    for (const source of ['STDOUT', 'STDERR'] as const) {
      const rest = this.#partial[source].end();
      if (rest !== null) this.#add(rest, source);
    }
    this.#markElided();
    while (this.#waiting.length > 0 && !this.#fenced && signal?.aborted !== true) await this.#flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #add(text: string, source: Line['source']): void {
    const tail = this.#tails[source];
    if (tail.push(text) > TAIL_LINES) tail.shift();
    if (this.#fenced) return;
    if (this.#waitingCharacters + text.length > WAITING_LIMIT) {
      this.#elided += 1;
      return;
    }
    this.#markElided();
    this.#push(text, source);
    this.#timer ??= setTimeout(() => this.#flushLater(), this.#options.flushMs ?? 250);
  }

  #markElided(): void {
    if (this.#elided > 0)
      this.#push(`… ${this.#elided} lines left out: the job writes faster than they can be stored`, 'SYSTEM');
    this.#elided = 0;
  }

  #push(text: string, source: Line['source']): void {
    this.#waiting.push({ text, source, time: this.#options.now() / 1_000 });
    this.#waitingCharacters += text.length;
  }

  /** A failed send keeps its lines: the next one takes them along. */
  #flushLater(): void {
    this.#flush().catch(() => undefined);
  }

  /** One send at a time. A failure to send is the sender's to retry; here it only means: try again later. */
  #flush(): Promise<void> {
    this.#sending ??= this.#sendOnce().finally(() => {
      this.#sending = null;
      this.#timer =
        this.#waiting.length > 0 && !this.#fenced
          ? setTimeout(() => this.#flushLater(), this.#options.flushMs ?? 250)
          : null;
    });
    return this.#sending;
  }

  async #sendOnce(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const batch = this.#nextBatch();
    if (batch.length === 0) return;
    const seq = this.#seq;
    const ack = await this.#options.send({
      seq,
      lines: batch.map((line) => line.text),
      sources: batch.map((line) => line.source),
      times: batch.map((line) => line.time),
    });
    if (ack.outcome === 'FENCED' || ack.outcome === 'CONFLICT') {
      this.#fenced = true;
      this.#waiting = [];
      return;
    }
    // GAP: the server knows less than we have acked (a restore): lines already let go cannot be sent again, so go on from its seq.
    const stored = ack.outcome === 'GAP' ? 0 : batch.length;
    this.#seq = ack.nextSeq;
    for (const line of this.#waiting.splice(0, stored)) this.#waitingCharacters -= line.text.length;
  }

  #nextBatch(): Line[] {
    let characters = 0;
    let end = 0;
    for (const line of this.#waiting) {
      characters += line.text.length;
      if (end > 0 && (end >= BATCH_LINES || characters > BATCH_CHARACTERS)) break;
      end += 1;
    }
    return this.#waiting.slice(0, end);
  }
}

/** Bytes to lines: UTF-8 across chunk borders, CRLF folded, lines longer than 64 KiB cut with a mark. */
class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest = '';

  push(chunk: Buffer): string[] {
    const parts = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = parts.pop() ?? '';
    const lines = parts.map((part) => cut(part.endsWith('\r') ? part.slice(0, -1) : part));
    if (this.#rest.length > LINE_LIMIT) {
      lines.push(cut(this.#rest));
      this.#rest = '';
    }
    return lines;
  }

  end(): string | null {
    const rest = this.#rest + this.#decoder.decode();
    this.#rest = '';
    return rest === '' ? null : cut(rest);
  }
}

function cut(line: string): string {
  if (line.length <= LINE_LIMIT / 4) return line; // 4 bytes a character at most: surely within the limit
  const bytes = Buffer.from(line);
  if (bytes.length <= LINE_LIMIT) return line;
  const mark = ` … ${bytes.length} bytes in all`;
  return (
    bytes
      .subarray(0, LINE_LIMIT - mark.length - 8)
      .toString('utf8')
      .replace(/\uFFFD+$/, '') + mark
  );
}
