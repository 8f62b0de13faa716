/** A client of `followTrials` in one process: keeps the set and the cursor, and can be cut off and set on another server. */
import { TrialSet } from '../../../sdk/typescript/trial-set.js';
import type { ExperimentId } from '../../../src/domain/ids.js';
import type { Principal } from '../../../src/domain/roles.js';
import type { Trial } from '../../../src/domain/trial.js';
import type { Deps } from '../../../src/service/deps.js';
import { listTrials } from '../../../src/service/trial/list-trials.js';
import { followTrials, type TrialsMessage } from '../../../src/service/trial-live/follow-trials.js';
import { until } from '../../support/until.js';

export class Watcher {
  readonly set = new TrialSet<Trial>();
  readonly messages: TrialsMessage[] = [];
  readonly where: string;
  cursor: string | null = null;
  /** What the stream ended with. */
  failure: unknown = null;
  readonly #experimentId: ExperimentId;
  #connection: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(experimentId: ExperimentId, where = '') {
    this.#experimentId = experimentId;
    this.where = where;
  }

  get isConnected(): boolean {
    return this.#connection !== null;
  }

  connect(deps: Deps, principal: Principal, minIntervalMs = 20): void {
    const abort = new AbortController();
    this.#connection = { abort, ended: this.#run(deps, principal, minIntervalMs, abort.signal) };
  }

  async cut(): Promise<void> {
    this.#connection?.abort.abort();
    await this.#connection?.ended;
    this.#connection = null;
  }

  numbers(): number[] {
    return [...this.set.trials.values()].map(({ number }) => number).sort((a, b) => a - b);
  }

  async #run(deps: Deps, principal: Principal, minIntervalMs: number, signal: AbortSignal): Promise<void> {
    const input = { experimentId: this.#experimentId, where: this.where, after: this.cursor, minIntervalMs };
    try {
      for await (const message of followTrials(deps, principal, input, signal)) {
        if (signal.aborted) return;
        this.messages.push(message);
        this.set.apply(message);
        if (message.reset) this.cursor = null;
        this.cursor = message.cursor ?? this.cursor;
      }
    } catch (error) {
      if (!signal.aborted) this.failure = error;
    }
  }
}

/** The numbers that the query finds, by brute force. */
export async function queried(
  deps: Deps,
  principal: Principal,
  experimentId: ExperimentId,
  where: string,
): Promise<number[]> {
  const numbers: number[] = [];
  let after: string | null = null;
  do {
    const page = await listTrials(deps, principal, { experimentId, where, first: 200, after });
    numbers.push(...page.items.map(({ number }) => number));
    after = page.hasNextPage ? (page.cursors.at(-1) ?? null) : null;
  } while (after !== null);
  return numbers;
}

/** Waits until the watcher's set is what the query finds. */
export async function settled(
  watcher: Watcher,
  deps: Deps,
  principal: Principal,
  experimentId: ExperimentId,
): Promise<number[]> {
  const expected = await queried(deps, principal, experimentId, watcher.where);
  await until(() => {
    if (watcher.failure !== null) throw watcher.failure;
    return String(watcher.numbers()) === String(expected);
  }, 10_000).catch((error) => {
    throw new Error(`${watcher.where}: told ${watcher.numbers()}, there are ${expected}`, { cause: error });
  });
  return expected;
}
