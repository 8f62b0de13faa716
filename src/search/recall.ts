/**
 * What was computed of the trials of an experiment, kept until the next look at it: most of them are the same objects as
 * before, and comparing references is far cheaper than looking into tens of thousands of objects.
 */

/** Experiments of which something is kept. */
const MOST = 8;

/** Something computed of these trials. */
export interface Recalled<Trial, Value> {
  readonly trials: readonly Trial[];
  readonly value: Value;
}

/** A memory of the last value by key, of few keys; the least recently used goes first. */
export class Recall<Trial, Value> {
  readonly #kept = new Map<string, Recalled<Trial, Value>>();

  last(key: string): Recalled<Trial, Value> | undefined {
    return this.#kept.get(key);
  }

  /** Keeps the value with a copy of the list, which its owner may change. */
  keep(key: string, trials: readonly Trial[], value: Value): void {
    this.#kept.delete(key);
    this.#kept.set(key, { trials: trials.slice(), value });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST) break;
      this.#kept.delete(oldest);
    }
  }
}
