/** The socket that carries subscriptions, shared by all of a client's; it reconnects for ever and resumes from cursors. */

import { createClient, type Client as SocketClient } from 'graphql-ws';
import { type GraphqlError, NetworkError, TrialgraphError, toException } from './errors.js';
import { type Backoff, backoffMs, sleep } from './retry.js';

const BACKOFF: Backoff = { baseMs: 500, maxMs: 10_000 };
const PING_MS = 10_000;
const PONG_LIMIT_MS = 5000;
/** Close codes after which another attempt is refused alike, and what they mean. */
const FATAL_CLOSE: Readonly<Record<number, string>> = {
  4400: 'BAD_REQUEST',
  4401: 'UNAUTHENTICATED',
  4403: 'FORBIDDEN',
};

/** `idle`: nothing is subscribed. `disconnected`: it will connect again by itself. */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'disconnected';

/** Any class with the interface of the browser's WebSocket. */
// biome-ignore lint/suspicious/noExplicitAny: ws and the browser declare different events
export type WebSocketClass = new (url: any, protocols?: any, ...rest: any[]) => unknown;

export interface SocketsOptions {
  readonly url: string;
  readonly webSocket?: WebSocketClass | undefined;
  params(): Readonly<Record<string, string>>;
}

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  readonly #closing = new AbortController();
  #client: Promise<SocketClient> | null = null;
  #state: ConnectionState = 'idle';
  #open = 0;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async *subscribe<Result>(
    query: string,
    variables: (last: Result | null) => unknown,
    signal?: AbortSignal,
  ): AsyncIterableIterator<Result> {
    const ended = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    let last: Result | null = null;
    let failures = 0;
    this.#open += 1;
    try {
      while (!ended.aborted) {
        try {
          const connection = await this.#connection();
          for await (const result of receive<Result>(connection, query, variables(last), ended)) {
            failures = 0;
            last = result;
            yield result;
          }
          return;
        } catch (error) {
          const exception = fromSocket(error);
          if (exception.retry === 'never') throw exception;
        }
        failures += 1;
        await sleep(backoffMs(failures, BACKOFF), ended);
      }
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#enter('idle');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // What rejects is the attempt to connect that was under way: it failed, so nothing is left to close.
    await Promise.resolve((await this.#client)?.dispose()).catch(() => undefined);
  }

  #connection(): Promise<SocketClient> {
    this.#client ??= this.#create();
    return this.#client;
  }

  async #create(): Promise<SocketClient> {
    const webSocket = this.#options.webSocket ?? ('WebSocket' in globalThis ? undefined : await loadWebSocket());
    let pong: ReturnType<typeof setTimeout> | undefined;
    let socket: { close(code: number, reason: string): void } | undefined;
    return createClient({
      url: () => absolute(this.#options.url),
      connectionParams: () => this.#options.params(),
      webSocketImpl: webSocket,
      keepAlive: PING_MS,
      lazyCloseTimeout: 'document' in globalThis ? 1000 : 0, // a page soon subscribes again; a process wants to end
      retryAttempts: 0, // we subscribe again ourselves, from the cursor reached
      on: {
        connecting: () => this.#enter('connecting'),
        connected: (opened) => {
          socket = opened as typeof socket;
          this.#enter('connected');
        },
        closed: () => {
          clearTimeout(pong);
          this.#enter(this.#open > 0 ? 'disconnected' : 'idle');
        },
        ping: (received) => {
          if (!received) pong = setTimeout(() => socket?.close(4408, 'no pong'), PONG_LIMIT_MS);
        },
        pong: (received) => {
          if (received) clearTimeout(pong);
        },
      },
    });
  }

  #enter(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

/** Results of one subscription over one connection: ends when the server completes it, throws when the connection is lost. */
async function* receive<Result>(
  client: SocketClient,
  query: string,
  variables: unknown,
  signal: AbortSignal,
): AsyncGenerator<Result> {
  const queue: Result[] = [];
  let failure: unknown = null;
  let isComplete = false;
  let wake: () => void = () => undefined;
  const stop = client.subscribe<Result>(
    { query, variables: variables as Record<string, unknown> },
    {
      next: (message) => {
        if (message.errors) failure = message.errors;
        else if (message.data) queue.push(message.data);
        wake();
      },
      error: (error) => {
        failure = error ?? new Error('the connection was lost');
        wake();
      },
      complete: () => {
        isComplete = true;
        wake();
      },
    },
  );
  const abort = (): void => wake();
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      while (queue.length > 0 && !signal.aborted) yield queue.shift() as Result;
      if (signal.aborted) return;
      if (failure !== null) throw failure;
      if (isComplete) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', abort);
    stop();
  }
}

function fromSocket(error: unknown): TrialgraphError {
  if (error instanceof TrialgraphError) return error;
  if (Array.isArray(error)) return toException(error[0] as GraphqlError);
  const { code, reason } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    reason?: unknown;
  };
  const fatal = typeof code === 'number' ? FATAL_CLOSE[code] : undefined;
  if (fatal) return toException({ message: String(reason || fatal), extensions: { code: fatal } });
  return new NetworkError(
    `the connection was lost: ${error instanceof Error ? error.message : String(reason ?? code)}`,
    error,
  );
}

/** Node before 22 has no WebSocket of its own. The name is a variable so that bundlers for browsers leave it out. */
async function loadWebSocket(): Promise<WebSocketClass> {
  const name = 'ws';
  const loaded = (await import(/* @vite-ignore */ name)) as { WebSocket: WebSocketClass };
  return loaded.WebSocket;
}

/** A WebSocket address; a relative one is taken from the page. */
function absolute(url: string): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  return new URL(url, page).href.replace(/^http/, 'ws');
}
