/** Which coordinates CMA-ES works in: numbers with a normal law, choices with a law of their own. */

import type { Codec } from '../../columns/codec.js';
import type { Table } from '../../columns/table.js';
import { cellEdges } from '../../space/unit.js';

/** A number in [0, 1]. */
export interface Coordinate {
  /** Index into the table's codecs. */
  readonly column: number;
  readonly isGrid: boolean;
  /** The mean at first: the default, or the middle. */
  readonly start: number;
  /** The value's point, as the history will hold it. */
  readonly landing: (u: number) => number;
  /** Where a coordinate stands that only the point is known of: the middle of its cell. */
  readonly middle: (point: number) => number;
  /** Edges of the cell that u falls in, infinite where no cell follows; of a grid only. */
  readonly edges: (u: number) => readonly [number, number];
}

/** A choice without order, K of them. */
export interface ChoiceCoordinate {
  readonly column: number;
  readonly count: number;
}

export interface Layout {
  /** [d] */
  readonly numbers: readonly Coordinate[];
  readonly choices: readonly ChoiceCoordinate[];
  /** Whether a trial's params may say less than what was drawn: values on grids, and inactive ones. */
  readonly isLossy: boolean;
}

/** The coordinates of a table's space; parameters with one value are in none. Booleans count as numbers on a grid of two. */
export function layoutOf({ codecs, space }: Table): Layout {
  const numbers: Coordinate[] = [];
  const choices: ChoiceCoordinate[] = [];
  codecs.forEach((codec, column) => {
    if (codec.levels === 1) return;
    if (codec.parameter.kind === 'categorical') choices.push({ column, count: codec.levels });
    else numbers.push(coordinateOf(codec, column));
  });
  const isConditional = space.parameters.some((parameter) => parameter.when !== undefined);
  return { numbers, choices, isLossy: isConditional || numbers.some(({ isGrid }) => isGrid) };
}

function coordinateOf(codec: Codec, column: number): Coordinate {
  const { parameter, levels } = codec;
  const isGrid = levels < Infinity;
  if (parameter.kind === 'boolean') {
    return {
      column,
      isGrid,
      start: parameter.default === undefined ? 0.5 : parameter.default === true ? 0.75 : 0.25,
      landing: (u) => (u < 0.5 ? 0 : 1),
      middle: (point) => (point === 0 ? 0.25 : 0.75),
      edges: (u) => (u < 0.5 ? [-Infinity, 0.5] : [0.5, Infinity]),
    };
  }
  return {
    column,
    isGrid,
    start: parameter.default === undefined ? 0.5 : codec.pointOf(parameter.default),
    landing: (u) => codec.pointOf(codec.valueAt(u)),
    // Cells of a logarithmic range are wider below their point than above it.
    middle: (point) => (isGrid ? meanOf(cellEdges(parameter, codec.valueAt(point)) ?? [0, 1]) : point),
    edges: (u) => {
      const [low, high] = cellEdges(parameter, codec.valueAt(u)) ?? [0, 1];
      return [low < 1e-12 ? -Infinity : low, high > 1 - 1e-12 ? Infinity : high];
    },
  };
}

function meanOf([low, high]: readonly [number, number]): number {
  return (low + high) / 2;
}
