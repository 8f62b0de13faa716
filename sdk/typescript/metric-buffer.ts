/** Points on their way out of the training loop: typed columns that are handed on in chunks. Nothing here waits or throws. */

import type { Chunk } from './sender.js';

const CHUNK_POINTS = 1024;

export class MetricBuffer {
  readonly #ids = new Map<string, number>();
  #newNames: string[] = [];
  #dropped = 0;
  #length = 0;
  #keyIds = new Int32Array(CHUNK_POINTS);
  #steps = new Float64Array(CHUNK_POINTS);
  #times = new Float64Array(CHUNK_POINTS);
  #values = new Float64Array(CHUNK_POINTS);

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length === CHUNK_POINTS;
  }

  /** Appends one point; take the chunk first when `isFull`. */
  append(key: string, step: number, time: number, value: number): void {
    const at = this.#length;
    this.#keyIds[at] = this.#ids.get(key) ?? this.#newId(key);
    this.#steps[at] = step;
    this.#times[at] = time;
    this.#values[at] = value;
    this.#length = at + 1;
  }

  /** Counts points that are given up. */
  drop(points: number): void {
    this.#dropped += points;
  }

  /** Everything since the last call, in arrays that the caller owns; null when there is nothing. */
  take(): Chunk | null {
    if (this.#length === 0 && this.#dropped === 0) return null;
    const chunk: Chunk = {
      newNames: this.#newNames,
      keyIds: this.#keyIds.slice(0, this.#length),
      steps: this.#steps.slice(0, this.#length),
      times: this.#times.slice(0, this.#length),
      values: this.#values.slice(0, this.#length),
      dropped: this.#dropped,
    };
    this.#newNames = [];
    this.#dropped = 0;
    this.#length = 0;
    return chunk;
  }

  #newId(key: string): number {
    const id = this.#ids.size;
    this.#ids.set(key, id);
    this.#newNames.push(key);
    return id;
  }
}
