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
  const halves = halvesOf(size);
  let place = index;
  do place = mix(place, halves, seed, 'forth');
  while (place >= size);
  return place;
}

/** The element that `permute` sends to `place`. */
export function unpermute(place: number, size: number, seed: number): number {
  if (size <= 1) return place;
  const halves = halvesOf(size);
  let index = place;
  do index = mix(index, halves, seed, 'back');
  while (index >= size);
  return index;
}

/** Powers of 2, up to 2^27, whose product is at least the size and less than four times it. */
interface Halves {
  readonly low: number;
  readonly high: number;
}

function halvesOf(size: number): Halves {
  const bits = Math.max(2, Math.ceil(Math.log2(size)));
  return { low: 2 ** Math.ceil(bits / 2), high: 2 ** Math.floor(bits / 2) };
}

/** One pass through the network, a permutation of [0, low x high), or its inverse: each round undoes itself. */
function mix(place: number, { low, high }: Halves, seed: number, way: 'forth' | 'back'): number {
  let right = place % low;
  let left = (place - right) / low;
  for (let i = 0; i < ROUNDS; i++) {
    const round = way === 'forth' ? i : ROUNDS - 1 - i;
    const key = seed + Math.imul(round, 0x9e3779b9);
    if (round % 2 === 0) left = (left ^ hashPair(key, right)) & (high - 1);
    else right = (right ^ hashPair(key, left)) & (low - 1);
  }
  return left * low + right;
}
