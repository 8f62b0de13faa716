/** The Sobol sequence, a coordinate at a time: every point is a pure function of its index, so that nothing is kept. */

import { hashPair } from './hash.js';
import { DIMENSIONS_OF_DEGREE, DIRECTION_BITS, LETTERS } from './sobol-directions.js';

/** Dimensions whose direction numbers are kept. */
export const SOBOL_DIMENSIONS = 1_024;

const BITS = 32;

/**
 * Coordinate `dimension` of point `index`, in [0, 1), a multiple of 2^-32. With a seed (any 32-bit number; `hashText` makes
 * one) the sequence is Owen-scrambled, each dimension by its own; null leaves it as published, with the origin as point 0.
 * Any 2^k points from a multiple of 2^k fill each dimension evenly. `index` in [0, 2^32), in binary and not in Gray order.
 * @throws RangeError when `dimension` is not in [0, SOBOL_DIMENSIONS).
 * @source Joe and Kuo 2008 (direction numbers); Burley, "Practical Hash-based Owen Scrambling", JCGT 9(4), 2020.
 */
export function sobolPoint(index: number, dimension: number, seed: number | null): number {
  const directions = directionsOf(dimension);
  let x = 0;
  for (let rest = index >>> 0, k = 0; rest !== 0; rest >>>= 1, k++) if (rest & 1) x ^= directions[k] ?? 0;
  return (seed === null ? x >>> 0 : scramble(x, hashPair(seed, dimension))) / 2 ** BITS;
}

/** A nested uniform scramble: a permutation of the 32-bit numbers in which each bit is flipped by the higher ones only. */
function scramble(x: number, seed: number): number {
  let y = (reverseBits(x) + seed) | 0;
  y ^= Math.imul(y, 0x6c50b47c);
  y ^= Math.imul(y, 0xb82f1e52);
  y ^= Math.imul(y, 0xc7afe638);
  y ^= Math.imul(y, 0x8d22f6e6);
  return reverseBits(y);
}

function reverseBits(x: number): number {
  let y = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  y = ((y >>> 2) & 0x33333333) | ((y & 0x33333333) << 2);
  y = ((y >>> 4) & 0x0f0f0f0f) | ((y & 0x0f0f0f0f) << 4);
  y = ((y >>> 8) & 0x00ff00ff) | ((y & 0x00ff00ff) << 8);
  return ((y >>> 16) | (y << 16)) >>> 0;
}

/** The 32 direction numbers of a dimension, each shifted to the top of 32 bits. */
function directionsOf(dimension: number): Uint32Array {
  const known = DIRECTIONS[dimension];
  if (known !== undefined) return known;
  if (!(Number.isInteger(dimension) && dimension >= 0 && dimension < SOBOL_DIMENSIONS)) {
    throw new RangeError(`Sobol dimension ${dimension} is not in [0, ${SOBOL_DIMENSIONS})`);
  }
  const directions = dimension === 0 ? firstDirections() : extend(readInitial(dimension));
  DIRECTIONS[dimension] = directions;
  return directions;
}

/** Memo of `directionsOf`: 128 bytes a dimension. */
const DIRECTIONS: Uint32Array[] = [];

/** The first dimension is the van der Corput sequence. */
function firstDirections(): Uint32Array {
  return Uint32Array.from({ length: BITS }, (_, k) => 2 ** (BITS - 1 - k));
}

interface Initial {
  /** The polynomial's inner coefficients a_1 ... a_(s-1), as one number, a_1 highest. */
  readonly coefficients: number;
  /** m_1 ... m_s. */
  readonly numbers: readonly number[];
}

function readInitial(dimension: number): Initial {
  let [at, degree, before] = [0, 1, 1];
  for (const count of DIMENSIONS_OF_DEGREE) {
    const skipped = Math.min(count, dimension - before);
    // s - 1 bits of the polynomial, and 0 + 1 + ... + (s - 1) of the numbers.
    at += skipped * (degree - 1 + (degree * (degree - 1)) / 2);
    before += skipped;
    if (skipped < count) break;
    degree += 1;
  }
  const read = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) {
      const letter = LETTERS.indexOf(DIRECTION_BITS[Math.floor(at / 6)] ?? 'A');
      value = 2 * value + ((letter >> (5 - (at % 6))) & 1);
    }
    return value;
  };
  const coefficients = read(degree - 1);
  return { coefficients, numbers: Array.from({ length: degree }, (_, i) => 2 * read(i) + 1) };
}

/** @source Joe and Kuo 2008, equation 2: m_k from the s before it. */
function extend({ coefficients, numbers }: Initial): Uint32Array {
  const degree = numbers.length;
  const directions = new Uint32Array(BITS);
  for (let k = 0; k < BITS; k++) {
    const given = numbers[k];
    if (given !== undefined) {
      directions[k] = given * 2 ** (BITS - 1 - k);
      continue;
    }
    const oldest = directions[k - degree] ?? 0;
    let next = oldest ^ (oldest >>> degree);
    for (let i = 1; i < degree; i++) {
      if ((coefficients >> (degree - 1 - i)) & 1) next ^= directions[k - i] ?? 0;
    }
    directions[k] = next;
  }
  return directions;
}
