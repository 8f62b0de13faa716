/** Names for what a memo has read: equal content gives the same name, other content almost never does. */

const WORDS = new Uint32Array(2);
const NUMBER = new Float64Array(WORDS.buffer);

/** A name of 96 bits for some lists of numbers, by their bits, in order. */
export function contentHash(arrays: readonly (Float64Array | readonly number[])[]): string {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  let c = 0xc2b2ae35;
  for (const array of arrays) {
    a = Math.imul(a ^ array.length, 0x27d4eb2f);
    for (let i = 0; i < array.length; i++) {
      NUMBER[0] = array[i] as number;
      const low = WORDS[0] as number;
      const high = WORDS[1] as number;
      a = Math.imul((a << 13) | (a >>> 19), 0x85ebca6b) ^ low;
      b = Math.imul((b << 11) | (b >>> 21), 0xc2b2ae35) ^ high ^ a;
      c = Math.imul(((c << 7) | (c >>> 25)) + low, 0x9e3779b1) ^ high;
    }
  }
  return [a, b, c].map((word) => (word >>> 0).toString(36)).join('.');
}
