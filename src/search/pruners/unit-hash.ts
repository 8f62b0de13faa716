/** Chance without a generator: what falls to a trial by its number alone, on every server the same. */

/**
 * A number in [0, 1) from a text: FNV-1a over its UTF-16 units, then a mixer, since neighbouring numbers must not meet.
 * @source Fowler, Noll, Vo, draft-eastlake-fnv; Appleby, MurmurHash3, 32-bit finaliser.
 */
export function unitHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
