/** Numbers that anybody can compute from where they belong, so that what is stored can be checked bit for bit. */

export const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324] as const;

/** Of metric `key` of writer `writer` at `step`: any float64 may come, the special ones about once in a hundred. */
export function knownValue(writer: number, key: number, step: number): number {
  const bits = mix(mix(mix(writer + 1) ^ key) ^ step);
  const special = SPECIAL[bits % 500];
  return special ?? (bits / 0x1_0000_0000 - 0.5) * 2 ** ((bits % 61) - 30);
}

/** Name of a metric of a writer's. */
export function knownKey(key: number): string {
  return `metric-${key}`;
}

/** A finalizer of MurmurHash3: every bit of 32 depends on every bit. */
function mix(number: number): number {
  let h = number | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Count, sum and XOR of points, exact whatever their order: over 64-bit words of (writer, key, step) and the value's bits. */
export class Checksum {
  count = 0;
  #sum = 0n;
  #xor = 0n;
  readonly #float = new Float64Array(1);
  readonly #word = new BigUint64Array(this.#float.buffer);

  add(writer: number, key: number, step: number, value: number): void {
    this.#float[0] = value;
    const word = BigInt.asUintN(
      64,
      (this.#word[0] as bigint) * 0x9e37_79b9_7f4a_7c15n + BigInt(mix(mix(mix(writer + 7) ^ key) ^ step)),
    );
    this.count += 1;
    this.#sum = BigInt.asUintN(64, this.#sum + word);
    this.#xor ^= word;
  }

  toString(): string {
    return `${this.count} points, sum ${this.#sum.toString(16)}, xor ${this.#xor.toString(16)}`;
  }
}
