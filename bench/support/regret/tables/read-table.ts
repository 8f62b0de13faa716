/** Reads a table of bench/data/tables: the value of every cell of a finite space, once for each seed it was trained with. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDER = path.join(import.meta.dirname, '../../../data/tables');

export interface Table {
  /** By cell, the last parameter fastest; the mean over the seeds that were trained. [cells] */
  readonly means: Float64Array;
  /** Values of one cell, one for each seed that was trained; at least one. */
  readonly of: (cell: number) => readonly number[];
}

/**
 * The file is float32, little endian, gzipped, one run of all cells per seed; NaN where a seed was not trained.
 * @throws Error when its length is not that of the cells.
 */
export function readTable(name: string, cells: number): Table {
  const bytes = gunzipSync(readFileSync(path.join(FOLDER, `${name}.f32.gz`)));
  const seeds = bytes.length / 4 / cells;
  if (!Number.isInteger(seeds)) throw new Error(`${name} holds ${bytes.length} bytes, no multiple of ${cells} cells`);
  const at = (seed: number, cell: number) => bytes.readFloatLE(4 * (seed * cells + cell));
  const of = (cell: number) =>
    Array.from({ length: seeds }, (_, seed) => at(seed, cell)).filter((value) => !Number.isNaN(value));
  const means = Float64Array.from({ length: cells }, (_, cell) => {
    const values = of(cell);
    if (values.length === 0) throw new Error(`${name}: cell ${cell} was never trained`);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
  return { means, of };
}
