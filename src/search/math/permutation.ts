/** Permutations without tables: the place of one element at a time, for lists too long to shuffle. */

import { hashPair } from './hash.js';

const ROUNDS = 8;

/**
 * Where element `index` of `size` goes, both in [0, size): a bijection for each 32-bit seed, which looks random. `size` up to 2^53.
 * Expected O(1).
 * @source a Feistel network with halves of unequal size (Luby and Rackoff 1988), walked until inside (Black and Rogaway 2002).
 */
export function permute(index: number, size: number, seed: number): number {
  if (size <= 1) return index;
  const bits = Math.max(2, Math.ceil(Math.log2(size)));
  const low = 2 ** Math.ceil(bits / 2);
  const high = 2 ** Math.floor(bits / 2);
  let place = index;
  do place = mixHalves(place, low, high, seed);
  while (place >= size);
  return place;
}

/** One pass through the network: a permutation of [0, low x high). */
function mixHalves(place: number, low: number, high: number, seed: number): number {
  let right = place % low;
  let left = (place - right) / low;
  for (let round = 0; round < ROUNDS; round++) {
    const key = seed + Math.imul(round, 0x9e3779b9);
    // Sizes are powers of 2 up to 2^27: the 32 bits of the hash cover them.
    if (round % 2 === 0) left = (left ^ hashPair(key, right)) & (high - 1);
    else right = (right ^ hashPair(key, left)) & (low - 1);
  }
  return left * low + right;
}
