/**
 * A socket that knows what its peer has read. Written is not read: the system takes megabytes for a peer who reads
 * nothing, and when a thousand of them have filled its memory for sockets, everybody's sockets stand still.
 */
import { WebSocket } from 'ws';

/** Bytes that may be under way before a message waits for its pong; each stalled peer costs this and one message. */
const WINDOW_BYTES = 128 * 1024;

type Done = (error?: Error | null) => void;

/** Pings after what exceeds the window, and calls a message done only when the pong says that it was read. */
export class PacedSocket extends WebSocket {
  #sent = 0;
  #read = 0;
  #held: { readonly upTo: number; readonly done: Done }[] = [];

  // biome-ignore lint/suspicious/noExplicitAny: the constructor is ws's own affair
  constructor(...args: any[]) {
    super(...(args as [null]));
    this.on('pong', (mark) => this.#acknowledge(Number(mark)));
    this.on('close', () => this.#acknowledge(this.#sent));
  }

  /** As graphql-ws calls it. */
  override send(text: string, done: unknown): void {
    this.#pace(text.length, (written) => super.send(text, written), done as Done);
  }

  /** One text message of three parts, for a body whose bytes others are sent too: nothing copies it. */
  sendAround(head: string, body: Buffer, tail: string, done: Done): void {
    const write = (written: Done): void => {
      super.send(head, { fin: false });
      super.send(body, { fin: false, binary: false });
      super.send(tail, { fin: true }, written);
    };
    this.#pace(head.length + body.length + tail.length, write, done);
  }

  /** Every ping carries the mark: a peer may answer the last one only. */
  override ping(): void {
    super.ping(String(this.#sent));
  }

  #pace(bytes: number, write: (written: Done) => void, done: Done): void {
    this.#sent += bytes;
    const upTo = this.#sent;
    write((error) => {
      const isNear = upTo - this.#read <= WINDOW_BYTES || this.readyState !== WebSocket.OPEN;
      if (error || isNear) done(error);
      else this.#held.push({ upTo, done });
    });
    if (upTo - this.#read > WINDOW_BYTES) this.ping();
  }

  #acknowledge(mark: number): void {
    if (!(mark > this.#read && mark <= this.#sent)) return;
    this.#read = mark;
    const isFar = ({ upTo }: { readonly upTo: number }) => upTo - mark > WINDOW_BYTES;
    const near = this.#held.filter((one) => !isFar(one));
    this.#held = this.#held.filter(isFar);
    for (const { done } of near) done();
  }
}
