/** Finds equal points among the rows of a table in constant time: duplicates, replicates, and what was tried already. */

const MULTIPLIER = 0x9e3779b1;

const number = new Float64Array(1);
const bits = new Uint32Array(number.buffer);

/** Adds one coordinate to a running hash; the two zeros are alike, and so is every NaN. Start from 0. */
export function hashWith(hash: number, coordinate: number): number {
  number[0] = Number.isNaN(coordinate) ? Number.NaN : coordinate + 0;
  let mixed = Math.imul(hash ^ (bits[0] as number), MULTIPLIER);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ (bits[1] as number), MULTIPLIER);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** Rows by hash, first come first kept. */
export interface PointIndex {
  /** The first row added with this hash for which `isEqual` holds, or -1. */
  readonly find: (hash: number, isEqual: (row: number) => boolean) => number;
  /** Adds a row that `find` does not find. */
  readonly add: (hash: number, row: number) => void;
}

/** An empty index for up to `most` rows. */
export function createPointIndex(most: number): PointIndex {
  const size = 2 ** Math.ceil(Math.log2(2 * most + 2));
  const rows = new Int32Array(size).fill(-1);
  const hashes = new Uint32Array(size);
  const seek = (hash: number, isEqual: (row: number) => boolean): number => {
    let slot = hash & (size - 1);
    for (;;) {
      const row = rows[slot] as number;
      if (row < 0 || (hashes[slot] === hash && isEqual(row))) return slot;
      slot = (slot + 1) & (size - 1);
    }
  };
  return {
    find: (hash, isEqual) => rows[seek(hash, isEqual)] as number,
    add: (hash, row) => {
      const slot = seek(hash, () => false);
      rows[slot] = row;
      hashes[slot] = hash;
    },
  };
}
