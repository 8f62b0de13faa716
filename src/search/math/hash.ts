/** Hashes to 32 bits, for streams that must be addressed rather than drawn. Not for security. */

/** A number in [0, 2^32) that depends on every character. FNV-1a over UTF-16 units, then mixed. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** Chance without a generator: a number in [0, 1) that depends on every character, on every server the same. */
export function hashToUnit(text: string): number {
  return hashText(text) / 2 ** 32;
}

/** A number in [0, 2^32) from two 32-bit ones; their order matters. */
export function hashPair(a: number, b: number): number {
  return mix(mix(a) + Math.imul(b, 0x9e3779b9));
}

/** A bijection of 32-bit numbers in which each bit of the input moves half of the output. @source MurmurHash3's finaliser. */
function mix(x: number): number {
  let y = x ^ (x >>> 16);
  y = Math.imul(y, 0x85ebca6b);
  y ^= y >>> 13;
  y = Math.imul(y, 0xc2b2ae35);
  return (y ^ (y >>> 16)) >>> 0;
}
