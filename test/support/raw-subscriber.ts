/** A subscriber of one trial, from its first point on, whose socket can be left unread. */
import WebSocket from 'ws';
import { MetricsReportedDocument } from '../../sdk/typescript/generated/operations.js';

export interface RawSubscriberOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly trialId: string;
  /** Reads nothing once it has subscribed. */
  readonly isStalled?: boolean;
}

export class RawSubscriber {
  /** Received so far. */
  points = 0;
  isClosed = false;
  /** Of its end of the connection. */
  port = Number.NaN;
  readonly #socket: WebSocket;
  readonly #waiting: { readonly points: number; readonly resolve: (atMs: number) => void }[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('upgrade', ({ socket: { localPort } }) => {
      this.port = localPort ?? Number.NaN;
    });
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  /** Resolves once it has subscribed. */
  static async open({ url, apiKey, trialId, isStalled }: RawSubscriberOptions): Promise<RawSubscriber> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const subscriber = new RawSubscriber(socket);
    const query = MetricsReportedDocument.toString();
    const variables = { trialIds: [trialId] };
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } })),
      );
      socket.on('close', () => reject(new Error('a subscriber was not let in')));
      socket.on('message', (data) => {
        const { type, payload } = JSON.parse(String(data));
        if (type === 'connection_ack') {
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
          if (isStalled) socket.pause();
          resolve();
        }
        for (const { steps } of payload?.data?.metricsReported.series ?? []) subscriber.#take(steps);
      });
    });
    return subscriber;
  }

  /** The moment, in `performance.now()`, at which it had so many points. */
  reached(points: number): Promise<number> {
    if (this.points >= points) return Promise.resolve(performance.now());
    return new Promise((resolve) => {
      this.#waiting.push({ points, resolve });
    });
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(steps: string): void {
    this.points += Buffer.byteLength(steps, 'base64') / Float64Array.BYTES_PER_ELEMENT;
    const now = performance.now();
    while (this.#waiting[0] !== undefined && this.#waiting[0].points <= this.points)
      this.#waiting.shift()?.resolve(now);
  }
}
