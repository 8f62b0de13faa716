/** The typed way to the API, for Node and browsers: requests that obey the table of errors, and subscriptions that resume. */

import type { DocumentText } from './document.js';
import { type GraphqlError, NetworkError, toException } from './errors.js';
import { withRequestId } from './request-id.js';
import { backoffMs, sleep, startLimit } from './retry.js';
import { type ConnectionState, Sockets, type WebSocketClass } from './sockets.js';

const DEFAULT_RETRY: RetryOptions = { limitSeconds: 30, baseMs: 200, maxMs: 5000 };
const DEFAULT_TIMEOUT_SECONDS = 30;
const INTERNAL_ATTEMPTS = 3;

/** How long refused or unanswered requests are tried again. */
export interface RetryOptions {
  /** Since the first attempt; default 30. */
  readonly limitSeconds: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

export interface ClientOptions {
  /** Where the server is, such as `http://localhost:7777`; empty for the page's own origin. */
  readonly url: string;
  /** Null or absent: the browser's session cookie is used. */
  readonly apiKey?: string | null | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** For subscriptions, where there is no global WebSocket. */
  readonly webSocket?: WebSocketClass | undefined;
  readonly retry?: Partial<RetryOptions> | undefined;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** False: one attempt only. Mutations carry a clientRequestId, so that trying again is safe. */
  readonly retry?: boolean | undefined;
  /** For one attempt; default 30. */
  readonly timeoutSeconds?: number | undefined;
}

export interface SubscribeOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One server as one caller sees it. */
export class Client {
  /** Without a trailing slash. */
  readonly url: string;
  protected readonly options: ClientOptions;
  readonly #fetch: typeof fetch;
  readonly #retry: RetryOptions;
  readonly #sockets: Sockets;

  constructor(options: ClientOptions) {
    this.options = options;
    this.url = options.url.replace(/\/+$/, '').replace(/\/graphql$/, '');
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    this.#sockets = new Sockets({
      url: `${this.url}/graphql`,
      webSocket: options.webSocket,
      params: () => this.#credentials(),
    });
  }

  /** The headers that tell who we are; none with a cookie. */
  get authorization(): Readonly<Record<string, string>> {
    return this.#credentials();
  }

  /** State of the socket that carries subscriptions. */
  get connectionState(): ConnectionState {
    return this.#sockets.state;
  }

  /** Calls `listener` at every change of the connection; the result ends that. */
  onConnection(listener: (state: ConnectionState) => void): () => void {
    return this.#sockets.onState(listener);
  }

  /**
   * The operation's data. Mutations get a `clientRequestId` when none is given, so a retry has one effect.
   * Network errors and errors with `retry: same | later` are tried again for `retry.limitSeconds`.
   *
   * @throws the exception class of the error's code, or NetworkError when the server does not answer.
   */
  async request<Result, Variables>(
    document: DocumentText<Result, Variables>,
    variables: Variables,
    options: RequestOptions = {},
  ): Promise<Result> {
    const body = JSON.stringify({ query: document.toString(), variables: withRequestId(document, variables) });
    const deadline = performance.now() + this.#retry.limitSeconds * 1000;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#attempt(body, options);
      if (answer.error === null) return answer.data as Result;
      const { retry, code } = answer.error;
      options.signal?.throwIfAborted();
      if (options.retry === false || retry === 'never') throw answer.error;
      if (code === 'INTERNAL' && attempt >= INTERNAL_ATTEMPTS) throw answer.error;
      const waitMs = Math.max(answer.retryAfterMs, backoffMs(attempt, this.#retry));
      if (performance.now() + waitMs > deadline) throw answer.error;
      await sleep(waitMs, options.signal);
      options.signal?.throwIfAborted();
    }
  }

  /**
   * The results of a subscription, for ever: it reconnects with full jitter. Before each (re)subscribe a variables
   * function is called with the last result (null at first), so that its cursor resumes: no gap, no duplicate.
   *
   * @throws the exception class of the error's code when trying again cannot help (`CURSOR_EXPIRED`, `FORBIDDEN` …).
   */
  subscribe<Result, Variables>(
    document: DocumentText<Result, Variables>,
    variables: Variables | ((last: Result | null) => Variables),
    options: SubscribeOptions = {},
  ): AsyncIterableIterator<Result> {
    const current =
      typeof variables === 'function' ? (variables as (last: Result | null) => Variables) : () => variables;
    return this.#sockets.subscribe(document.toString(), current as (last: Result | null) => unknown, options.signal);
  }

  /** Closes the socket; subscriptions end. */
  async close(): Promise<void> {
    await this.#sockets.close();
  }

  #credentials(): Record<string, string> {
    return this.options.apiKey ? { authorization: `Bearer ${this.options.apiKey}` } : {};
  }

  async #attempt(body: string, options: RequestOptions): Promise<Answer> {
    const limit = startLimit((options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000, options.signal);
    try {
      const response = await this.#fetch(`${this.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...this.#credentials() },
        credentials: 'same-origin',
        body,
        signal: limit.signal,
      });
      return readAnswer(response.status, await response.text(), response.headers.get('retry-after'));
    } catch (error) {
      const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      return {
        data: null,
        error: new NetworkError(`${this.url || 'the server'} does not answer: ${reason}`, error),
        retryAfterMs: 0,
      };
    } finally {
      limit.end();
    }
  }
}

interface Answer {
  readonly data: unknown;
  readonly error: ReturnType<typeof toException> | null;
  readonly retryAfterMs: number;
}

function readAnswer(status: number, text: string, retryAfter: string | null): Answer {
  const said = parse(text);
  const first = said?.errors?.[0];
  const error = first ? toException(first) : null;
  if (said && !error && said.data) return { data: said.data, error: null, retryAfterMs: 0 };
  const seconds = Number(error?.data.retryAfterSeconds ?? retryAfter ?? 0);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : 0;
  return { data: null, error: error ?? fromStatus(status, text), retryAfterMs };
}

/** The exception for an answer of an HTTP route that is not `ok`. */
export function refusalOf(status: number, text: string): ReturnType<typeof toException> {
  return readAnswer(status, text, null).error ?? fromStatus(status, text);
}

function parse(text: string): { data?: unknown; errors?: readonly GraphqlError[] } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** Statuses that a proxy, or our server before GraphQL is reached, answers with. */
const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  413: 'BODY_TOO_LARGE',
  429: 'RATE_LIMITED',
  503: 'OVERLOADED',
  507: 'STORAGE_FULL',
};

/** An answer that is not GraphQL. */
function fromStatus(status: number, text: string): ReturnType<typeof toException> {
  const message = `HTTP ${status}: ${text.slice(0, 200)}`;
  const code = CODES[status];
  if (code !== undefined) return toException({ message, extensions: { code } });
  if (status >= 400 && status < 500) return toException({ message, extensions: { code: 'BAD_REQUEST' } });
  return new NetworkError(message);
}
