/** Numbers that only grow at the end, in one typed array that doubles. */

const FIRST_CAPACITY = 64;

export class GrowingColumn {
  #data = new Float64Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** NaN when empty. */
  get last(): number {
    return this.#length === 0 ? Number.NaN : (this.#data[this.#length - 1] ?? Number.NaN);
  }

  append(values: Float64Array): void {
    const needed = this.#length + values.length;
    if (needed > this.#data.length) {
      const grown = new Float64Array(Math.max(needed, this.#data.length * 2));
      grown.set(this.#data.subarray(0, this.#length));
      this.#data = grown;
    }
    this.#data.set(values, this.#length);
    this.#length = needed;
  }

  /** What is held, without a copy; valid until the next append. */
  view(): Float64Array {
    return this.#data.subarray(0, this.#length);
  }
}
