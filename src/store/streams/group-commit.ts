/**
 * Gathers items that arrive close together and hands them on as one group: at once when idle, after a short wait while
 * another group is being written. It knows nothing of what an item is, and its queue is bounded.
 */
import { PlatformError } from '../../domain/errors.js';

export interface GroupCommitOptions<Item, Result> {
  /** Writes a group of items with different keys; resolves to one outcome per item, in order. */
  write(items: readonly Item[]): Promise<readonly Settled<Result>[]>;
  /** Items with the same key are never in flight together, and keep their order. */
  keyOf(item: Item): string;
  /** What an item weighs against `maxGroupWeight` and `maxWaitingWeight`. */
  weightOf(item: Item): number;
  readonly maxInFlight: number;
  readonly gatherMs: number;
  readonly maxGroupItems: number;
  readonly maxGroupWeight: number;
  readonly maxWaitingItems: number;
  readonly maxWaitingWeight: number;
}

export type Settled<Result> = { readonly result: Result } | { readonly error: unknown };

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly key: string;
  readonly weight: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export class GroupCommit<Item, Result> {
  private readonly options: GroupCommitOptions<Item, Result>;
  private waiting: Waiting<Item, Result>[] = [];
  private waitingWeight = 0;
  private readonly busyKeys = new Set<string>();
  private inFlight = 0;
  private timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  private closed = false;
  private onIdle: (() => void)[] = [];

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.options = options;
  }

  /** Resolves when the item is written. @throws OVERLOADED when too much waits already, or after `close`. */
  add(item: Item): Promise<Result> {
    const { maxWaitingItems, maxWaitingWeight } = this.options;
    if (this.closed)
      return Promise.reject(new PlatformError('OVERLOADED', 'the server is shutting down; try again shortly'));
    if (this.waiting.length >= maxWaitingItems || this.waitingWeight >= maxWaitingWeight) {
      return Promise.reject(
        new PlatformError('OVERLOADED', `${this.waiting.length} batches wait to be written already; try again shortly`),
      );
    }
    return new Promise((resolve, reject) => {
      const weight = this.options.weightOf(item);
      this.waiting.push({ item, key: this.options.keyOf(item), weight, resolve, reject });
      this.waitingWeight += weight;
      this.schedule();
    });
  }

  /** Writes what waits, then refuses all that comes. */
  async close(): Promise<void> {
    this.closed = true;
    this.flush();
    while (this.waiting.length > 0 || this.inFlight > 0)
      await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  private schedule(): void {
    if (this.timer !== null || this.inFlight >= this.options.maxInFlight) return;
    const flush = () => {
      this.timer = null;
      this.flush();
    };
    const now = this.inFlight === 0 || this.waitingWeight >= this.options.maxGroupWeight;
    this.timer = now ? setImmediate(flush) : setTimeout(flush, this.options.gatherMs);
  }

  private flush(): void {
    if (this.inFlight >= this.options.maxInFlight) return;
    const group = this.takeGroup();
    if (group.length === 0) return;
    this.inFlight++;
    void this.writeGroup(group).finally(() => {
      this.inFlight--;
      for (const { key } of group) this.busyKeys.delete(key);
      for (const wake of this.onIdle.splice(0)) wake();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  /** The oldest items whose keys are free, as many as one group may hold. None overtakes another of its key. */
  private takeGroup(): Waiting<Item, Result>[] {
    const { maxGroupItems, maxGroupWeight } = this.options;
    const group: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    let weight = 0;
    let full = false;
    for (const entry of this.waiting) {
      full ||= group.length >= maxGroupItems || (group.length > 0 && weight + entry.weight > maxGroupWeight);
      if (full || this.busyKeys.has(entry.key)) {
        left.push(entry);
        continue;
      }
      this.busyKeys.add(entry.key);
      group.push(entry);
      weight += entry.weight;
    }
    this.waiting = left;
    this.waitingWeight -= weight;
    return group;
  }

  private async writeGroup(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.options.write(group.map(({ item }) => item));
      group.forEach((entry, i) => {
        const outcome = outcomes[i];
        if (outcome !== undefined && 'result' in outcome) entry.resolve(outcome.result);
        else entry.reject(outcome?.error ?? new Error('the writer left an item without an outcome'));
      });
    } catch (error) {
      for (const entry of group) entry.reject(error);
    }
  }
}
