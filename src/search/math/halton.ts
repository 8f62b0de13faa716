/** The Halton sequence, a coordinate at a time: for points whose number is no power of two. */

import { hashPair } from './hash.js';
import { permute } from './permutation.js';

/** Digits are followed down to this; below it nothing would change but the last bits. */
const PRECISION = 2 ** -40;

/**
 * Coordinate `dimension` >= 0 of point `index` >= 0, in [0, 1): the digits of `index` in base the dimension's prime, mirrored at the
 * point. With a 32-bit seed each digit goes through a random permutation of its own, zeros beyond the highest digit
 * too; null leaves the sequence as published, which correlates badly from six dimensions on.
 * @source Halton 1960; Owen, "A randomized Halton algorithm in R", arXiv:1706.02808.
 */
export function haltonPoint(index: number, dimension: number, seed: number | null): number {
  const base = primeAt(dimension);
  const own = seed === null ? 0 : hashPair(seed, dimension);
  let x = 0;
  let rest = index;
  let weight = 1 / base;
  for (let place = 0; rest > 0 || (seed !== null && weight > PRECISION); place++) {
    const digit = rest % base;
    x += weight * (seed === null ? digit : permute(digit, base, hashPair(own, place)));
    rest = (rest - digit) / base;
    weight /= base;
  }
  // Rounding may reach 1, which is not in the interval.
  return Math.min(x, 1 - 2 ** -53);
}

/** The prime of a dimension: 2, 3, 5 ... */
function primeAt(dimension: number): number {
  for (let n = (PRIMES.at(-1) ?? 1) + 1; PRIMES.length <= dimension; n++) {
    if (PRIMES.every((prime) => n % prime !== 0)) PRIMES.push(n);
  }
  return PRIMES[dimension] ?? 2;
}

/** Memo of `primeAt`. */
const PRIMES: number[] = [];
