import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

// The handwritten digits: reads the committed file and splits it. Downloads nothing.

/** An image is 8 × 8 pixels, row by row. */
export const PIXELS = 64;
/** The digits 0 to 9. */
export const CLASSES = 10;
const BRIGHTEST = 16;

/** From `examples/digits/` the file is a sibling; from `dist/examples/digits/` it stays in the source tree. */
const PLACES = ['./digits.csv.gz', '../../../examples/digits/digits.csv.gz'];

/** Images and what they show, by row; plain arrays, never changed after reading. */
export interface Digits {
  /** Row-major [size, 64], each in 0..1. */
  readonly images: Float64Array;
  /** [size], each in 0..9. */
  readonly labels: Uint8Array;
  readonly size: number;
}

interface SplitOptions {
  /** 0..1 */
  readonly testShare: number;
  readonly seed: number;
}

/** Returns all 1,797 images in the order of the file. */
export function readDigits(path = findDigits()): Digits {
  const rows = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  const images = new Float64Array(rows.length * PIXELS); // [n, 64]
  const labels = new Uint8Array(rows.length); // [n]
  for (const [row, line] of rows.entries()) {
    const cells = line.split(',').map(Number);
    const label = cells.pop();
    if (label === undefined || cells.length !== PIXELS)
      throw new Error(`${path}, line ${row + 1}: expected 65 numbers`);
    const image = cells.map((cell) => cell / BRIGHTEST);
    images.set(image, row * PIXELS);
    labels[row] = label;
  }
  return { images, labels, size: rows.length };
}

/**
 * Returns the row numbers of a stratified split: of every class, `testShare` (0..1) goes to `test`.
 * Rows are ordered by a hash of seed and row number, so `data.py` arrives at the same split.
 */
export function splitRows(labels: Uint8Array, { testShare, seed }: SplitOptions): { train: number[]; test: number[] } {
  const keys = Array.from(labels, (_, row) => createHash('sha256').update(`${seed}:${row}`).digest('hex'));
  const shuffled = [...keys.entries()].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([row]) => row);
  const train: number[] = [];
  const test: number[] = [];
  for (let label = 0; label < CLASSES; label++) {
    const rows = shuffled.filter((row) => labels[row] === label);
    const testCount = Math.round(rows.length * testShare);
    test.push(...rows.slice(0, testCount));
    train.push(...rows.slice(testCount));
  }
  return { train, test };
}

/** Returns a copy of the given rows, in the given order. */
export function takeRows(digits: Digits, rows: readonly number[]): Digits {
  const images = new Float64Array(rows.length * PIXELS); // [m, 64]
  const labels = new Uint8Array(rows.length); // [m]
  for (const [place, row] of rows.entries()) {
    images.set(digits.images.subarray(row * PIXELS, (row + 1) * PIXELS), place * PIXELS);
    labels[place] = digits.labels[row] ?? 0;
  }
  return { images, labels, size: rows.length };
}

function findDigits(): string {
  const paths = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`digits.csv.gz is missing; looked at ${paths.join(' and ')}`);
  return found;
}
