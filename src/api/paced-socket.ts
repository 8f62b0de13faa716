/**
 * A socket that knows what its peer has read. Written is not read: the system takes megabytes for a peer who reads
 * nothing, and when a thousand of them have filled its memory for sockets, everybody's sockets stand still.
 */
import { WebSocket } from 'ws';

/** Bytes under way above which nothing more is written until a pong comes; a stalled peer costs this and one message. */
export const WINDOW_BYTES = 128 * 1024;

type Done = (error?: Error | null) => void;

interface Message {
  readonly bytes: number;
  readonly write: (written: Done) => void;
  readonly done: Done;
}

/**
 * Writes in order, as long as the window is open. The message that exceeds it is followed by a ping, and is done when
 * the pong says that it was read; those behind it wait unwritten until then, or until the socket closes.
 */
export class PacedSocket extends WebSocket {
  #written = 0;
  #read = 0;
  #waiting: Message[] = [];
  /** Of the message that exceeded the window: one at most, for nothing is written behind it. */
  #exceeded: Done | null = null;

  // biome-ignore lint/suspicious/noExplicitAny: the constructor is ws's own affair
  constructor(...args: any[]) {
    super(...(args as [null]));
    this.on('pong', (mark) => this.#acknowledge(Number(mark)));
    this.on('close', () => this.#acknowledge(this.#written));
  }

  /** As graphql-ws calls it. */
  override send(text: string, done: unknown): void {
    this.#pace({
      bytes: Buffer.byteLength(text),
      write: (written) => super.send(text, written),
      done: done as Done,
    });
  }

  /** One text message of three parts, for a body whose bytes others are sent too: nothing copies it. */
  sendAround(head: string, body: Buffer, tail: string, done: Done): void {
    const write = (written: Done): void => {
      super.send(head, { fin: false });
      super.send(body, { fin: false, binary: false });
      super.send(tail, { fin: true }, written);
    };
    this.#pace({ bytes: Buffer.byteLength(head) + body.length + Buffer.byteLength(tail), write, done });
  }

  /** Every ping carries the mark: a peer may answer the last one only. */
  override ping(): void {
    super.ping(String(this.#written));
  }

  #pace(message: Message): void {
    this.#waiting.push(message);
    this.#drain();
  }

  #drain(): void {
    while (this.#isRead(this.#written)) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#write(next);
    }
  }

  #write({ bytes, write, done }: Message): void {
    // Nobody waits for a reader who left.
    if (this.readyState !== WebSocket.OPEN) {
      done();
      return;
    }
    this.#written += bytes;
    const upTo = this.#written;
    write((error) => {
      if (error || this.#isRead(upTo)) done(error);
      else this.#exceeded = done;
    });
    if (!this.#isRead(upTo)) this.ping();
  }

  /** Of what was written up to there, so much that more may be. */
  #isRead(upTo: number): boolean {
    return upTo - this.#read <= WINDOW_BYTES;
  }

  #acknowledge(mark: number): void {
    const isNews = mark > this.#read && mark <= this.#written;
    if (isNews) this.#read = mark;
    if (!isNews || !this.#isRead(this.#written)) return;
    this.#exceeded?.();
    this.#exceeded = null;
    this.#drain();
  }
}
