/** A set of trial numbers as bits: 125 kB for a million trials. Numbers are whole and not negative. */
export class NumberSet {
  #bits: Uint8Array;

  constructor(numbers: Iterable<number> = []) {
    this.#bits = new Uint8Array(64);
    for (const number of numbers) this.put(number, true);
  }

  has(number: number): boolean {
    return ((this.#bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  put(number: number, isIn: boolean): void {
    const at = number >> 3;
    if (at >= this.#bits.length) {
      if (!isIn) return;
      const grown = new Uint8Array(Math.max(at + 1, 2 * this.#bits.length));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    const bit = 1 << (number & 7);
    this.#bits[at] = isIn ? (this.#bits[at] ?? 0) | bit : (this.#bits[at] ?? 0) & ~bit;
  }

  /** Those in the set now, ascending. */
  numbers(): number[] {
    const found: number[] = [];
    this.#bits.forEach((byte, at) => {
      for (let bit = 0; byte >> bit !== 0; bit++) if (((byte >> bit) & 1) === 1) found.push(8 * at + bit);
    });
    return found;
  }
}
