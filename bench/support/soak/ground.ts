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

/** Whoever did not get room or a connection in time; how many may is judged by itself. `DELETED` is what `unlessDeleted` says. */
const EXPECTED = ['OFFLINE', 'OVERLOADED', 'DELETED'];
/** Answers that each gets rightly because others delete, stop and cut at the same time. Who writes gets none of them. */
const EXPECTED_BY: Readonly<Record<string, readonly string[]>> = {
  reader: ['NOT_FOUND', 'ABORTED'],
  watcher: ['NOT_FOUND', 'CURSOR_EXPIRED', 'ABORTED'],
  tidy: ['NOT_FOUND', 'STATE_CONFLICT'], // a trial may end, or go with its project, just before
};
const OF_DELETED = ['NOT_FOUND', 'STATE_CONFLICT', 'UNAUTHENTICATED'];
/** More than any round takes, less than the end of the load waits. */
const ROUND_LIMIT_MS = 90_000;

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
    const isExpected = EXPECTED.includes(code) || EXPECTED_BY[who]?.includes(code);
    if (!isExpected && !this.unexpected.has(name))
      this.unexpected.set(name, `${name}: ${inspect(error, { depth: 4 })}`);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'ABORTED';
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/** Tells the work of a client whose project was deleted meanwhile from that of one who was refused for no reason. */
export async function unlessDeleted({ ledger }: Ground, project: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!ledger.deletedProjects.has(project) || !OF_DELETED.includes(codeOf(error))) throw error;
    throw Object.assign(new Error(`${project} is deleted`, { cause: error }), { code: 'DELETED' });
  }
}

/**
 * Does `work` again and again with pauses of `pauseMs` on average until the ground's signal aborts. A round that does not
 * end is said at once, and not waited for.
 */
export async function again(ground: Ground, who: string, pauseMs: number, work: () => Promise<unknown>): Promise<void> {
  while (!ground.signal.aborted) {
    await withinLimit(ground, who, work);
    await sleep(2 * pauseMs * ground.random(), ground.signal);
  }
}

async function withinLimit({ busy, failures }: Ground, who: string, work: () => Promise<unknown>): Promise<void> {
  const count = (more: number): unknown => busy.set(who, (busy.get(who) ?? 0) + more);
  count(1);
  const done = work()
    .catch((error: unknown) => failures.add(who, error))
    .then(() => count(-1));
  let timer: NodeJS.Timeout | undefined;
  const isLate = await Promise.race([
    done.then(() => false),
    new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, ROUND_LIMIT_MS, true);
    }),
  ]);
  clearTimeout(timer);
  if (!isLate) return;
  const message = `a round of ${who} has not ended after ${ROUND_LIMIT_MS / 1_000} s`;
  console.error(message);
  failures.add(who, Object.assign(new Error(message), { code: 'ENDLESS' }));
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
