/**
 * Wake-ups within this process and, by LISTEN and NOTIFY on one connection of their own, between servers. Hints are
 * gathered for some milliseconds and sent outside of every transaction, since NOTIFY takes a global lock at commit.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { WakeupSubscription, Wakeups } from './changes.js';

const CHANNEL = 'trialgraph_wakeup';
const GATHER_MS = 10;
/** Postgres refuses payloads of 8000 bytes. */
const PAYLOAD_BYTES = 7500;
/** Beyond this many topics at once everybody is woken instead. */
const MAX_TOPICS = 2000;
const RETRY_MS = { first: 100, longest: 5000 };
const EVERYBODY = '*';

export interface WakeupOptions {
  readonly url: string;
  log(line: string): void;
}

/** Wake-ups that are connected, or go on trying: without a connection they still work within this process. */
export async function openWakeups(options: WakeupOptions): Promise<Wakeups> {
  const wakeups = new PostgresWakeups(options);
  await wakeups.connect();
  return wakeups;
}

class PostgresWakeups implements Wakeups {
  readonly #options: WakeupOptions;
  readonly #self = randomUUID();
  readonly #byTopic = new Map<string, Set<Subscription>>();
  readonly #pending = new Set<string>();
  #client: pg.Client | null = null;
  #gathering: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | null = null;
  #retryMs = RETRY_MS.first;
  #isClosed = false;

  constructor(options: WakeupOptions) {
    this.#options = options;
  }

  notify(topic: string): void {
    if (this.#isClosed) return;
    this.#wake(topic);
    this.#pending.add(this.#pending.size < MAX_TOPICS ? topic : EVERYBODY);
    this.#gathering ??= setTimeout(() => this.#send(), GATHER_MS);
  }

  subscribe(topics: readonly string[]): WakeupSubscription {
    const subscription = new Subscription(() => this.#forget(topics, subscription));
    for (const topic of topics) {
      const listeners = this.#byTopic.get(topic) ?? new Set();
      this.#byTopic.set(topic, listeners.add(subscription));
    }
    if (this.#isClosed) subscription.end();
    return subscription;
  }

  async wait(topics: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<void> {
    const subscription = this.subscribe(topics);
    await subscription.wait(timeoutMs, signal);
    subscription.close();
  }

  async close(): Promise<void> {
    if (this.#gathering !== null) this.#send();
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    for (const listeners of this.#byTopic.values()) for (const one of listeners) one.end();
    await this.#sending;
    await this.#client?.end().catch(() => undefined);
  }

  /** Listens on a new connection; on failure, and whenever it is lost, tries again ever more slowly. */
  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: 'trialgraph-wakeups',
      connectionTimeoutMillis: 5000,
      keepAlive: true,
    });
    client.on('notification', (message) => this.#hear(message.payload ?? ''));
    client.on('error', (error) => this.#lose(client, error.message));
    client.on('end', () => this.#lose(client, 'the connection ended'));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      this.#retryLater(error instanceof Error ? error.message : String(error));
      await client.end().catch(() => undefined);
      return;
    }
    if (this.#isClosed) return client.end();
    this.#client = client;
    this.#retryMs = RETRY_MS.first;
    // What was said while nobody listened is not known.
    this.#wake(EVERYBODY);
  }

  #lose(client: pg.Client, why: string): void {
    if (this.#client !== client) return;
    this.#client = null;
    client.end().catch(() => undefined);
    this.#retryLater(why);
  }

  #retryLater(why: string): void {
    if (this.#isClosed || this.#retry !== null) return;
    this.#options.log(`wakeups: ${why}; listening again in ${this.#retryMs} ms`);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.connect();
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MS.longest);
  }

  #send(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
    const topics = this.#pending.has(EVERYBODY) ? [EVERYBODY] : [...this.#pending];
    this.#pending.clear();
    this.#sending = this.#sending.then(() => this.#sendTo(this.#client, topics));
  }

  /** A hint that cannot be sent is lost: the other servers' timeouts make up for it. */
  async #sendTo(client: pg.Client | null, topics: readonly string[]): Promise<void> {
    if (client === null) return;
    try {
      for (const some of inPayloads(topics)) {
        await client.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify([this.#self, ...some])]);
      }
    } catch (error) {
      this.#lose(client, error instanceof Error ? error.message : String(error));
    }
  }

  #hear(payload: string): void {
    const [from, ...topics] = parse(payload);
    if (from === this.#self) return;
    for (const topic of topics) this.#wake(topic);
  }

  #wake(topic: string): void {
    if (topic !== EVERYBODY) {
      for (const one of this.#byTopic.get(topic) ?? []) one.wake();
      return;
    }
    for (const listeners of this.#byTopic.values()) for (const one of listeners) one.wake();
  }

  #forget(topics: readonly string[], subscription: Subscription): void {
    for (const topic of topics) {
      const listeners = this.#byTopic.get(topic);
      listeners?.delete(subscription);
      if (listeners?.size === 0) this.#byTopic.delete(topic);
    }
  }
}

class Subscription implements WakeupSubscription {
  count = 0;
  readonly #onClose: () => void;
  #isDirty = false;
  #isEnded = false;
  #resolve: (() => void) | null = null;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#isDirty && !this.#isEnded && !signal.aborted) await this.#sleep(timeoutMs, signal);
    this.#isDirty = false;
  }

  wake(): void {
    this.count += 1;
    this.#isDirty = true;
    this.#resolve?.();
  }

  /** Nothing will be heard any more: whoever waits goes on. */
  end(): void {
    this.#isEnded = true;
    this.#resolve?.();
  }

  close(): void {
    this.end();
    this.#onClose();
  }

  async #sleep(timeoutMs: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        this.#resolve = null;
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      signal.addEventListener('abort', finish, { once: true });
      this.#resolve = finish;
    });
  }
}

function inPayloads(topics: readonly string[]): string[][] {
  const payloads: string[][] = [[]];
  let bytes = 0;
  for (const topic of topics) {
    const size = Buffer.byteLength(JSON.stringify(topic)) + 1;
    if (bytes + size > PAYLOAD_BYTES) {
      payloads.push([]);
      bytes = 0;
    }
    payloads.at(-1)?.push(topic);
    bytes += size;
  }
  return payloads;
}

/** Anybody with our database's password can notify: what is not a list of texts is not heard. */
function parse(payload: string): string[] {
  try {
    const value: unknown = JSON.parse(payload);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}
