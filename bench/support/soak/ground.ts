/** What all who put load on a server in a soak share, and how each of them goes on whatever happens to it. */
import { inspect } from 'node:util';
import type { Client } from '../../../sdk/typescript/node-client.js';
import { sleep } from '../../../sdk/typescript/retry.js';
import type { BenchServer } from '../server.js';
import type { Ledger } from './ledger.js';
import type { Timing } from './timing.js';

export interface Ground {
  readonly server: BenchServer;
  /** Of an administrator. */
  readonly client: Client;
  /** Leads to the server, and loses connections and replies now and then. */
  readonly unreliableUrl: string;
  readonly timing: Timing;
  readonly dayMs: number;
  readonly ledger: Ledger;
  readonly failures: Failures;
  readonly folder: string;
  readonly random: () => number;
  /** How many of each crowd are under way. */
  readonly busy: Map<string, number>;
  /** Aborted when the load shall end. */
  readonly signal: AbortSignal;
}

/** Answers that a client gets rightly when others delete, stop and cut at the same time. */
const EXPECTED = new Set(['NOT_FOUND', 'STATE_CONFLICT', 'CURSOR_EXPIRED', 'ABORTED', 'OFFLINE', 'OVERLOADED']);

export class Failures {
  /** Requests that were put off for want of room until their client gave up. */
  get putOff(): number {
    return [...this.counts].reduce((sum, [name, n]) => sum + (/ (OVERLOADED|OFFLINE)$/.test(name) ? n : 0), 0);
  }

  readonly counts = new Map<string, number>();
  /** One line per kind: the first of it. */
  readonly unexpected = new Map<string, string>();

  add(who: string, error: unknown): void {
    const code = codeOf(error);
    const name = `${who} ${code}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (!EXPECTED.has(code) && !this.unexpected.has(name))
      this.unexpected.set(name, `${name}: ${inspect(error, { depth: 4 })}`);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'ABORTED';
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/** Does `work` again and again with pauses of `pauseMs` on average until the ground's signal aborts. */
export async function again(ground: Ground, who: string, pauseMs: number, work: () => Promise<unknown>): Promise<void> {
  while (!ground.signal.aborted) {
    try {
      await work();
    } catch (error) {
      ground.failures.add(who, error);
    }
    await sleep(2 * pauseMs * ground.random(), ground.signal);
  }
}

/** Begins `work` every `everyMs` on average without waiting for it; resolves when all of it has ended. */
export async function crowd(
  ground: Ground,
  who: string,
  options: { readonly everyMs: number; readonly most: number },
  work: () => Promise<unknown>,
): Promise<void> {
  const under = new Set<Promise<void>>();
  while (!ground.signal.aborted) {
    if (under.size < options.most) {
      const one: Promise<void> = work()
        .catch((error: unknown) => ground.failures.add(who, error))
        .then(() => {
          under.delete(one);
          ground.busy.set(who, under.size);
        });
      under.add(one);
      ground.busy.set(who, under.size);
    }
    await sleep(2 * options.everyMs * ground.random(), ground.signal);
  }
  await Promise.all(under);
}

/** Aborts after `ms`, or with the load. Not `AbortSignal.any`: Node 20 may collect a timeout that only it refers to. */
export function lifeOf({ signal }: Ground, ms: number): AbortSignal {
  const over = new AbortController();
  const end = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    over.abort();
  };
  const timer = setTimeout(end, ms);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  return over.signal;
}

/** One of several, each as likely as its weight says. */
export function pick<Choice>(random: () => number, choices: readonly (readonly [number, Choice])[]): Choice {
  let at = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, choice] of choices) {
    at -= weight;
    if (at < 0) return choice;
  }
  return (choices.at(-1) as readonly [number, Choice])[1]; // rounding
}
