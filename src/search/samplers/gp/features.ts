/** Params as the rows of numbers that the kernel compares, and points that an optimiser moves. */

import { isActive, mentions } from '../../space/condition.js';
import { drawOrder } from '../../space/draw-order.js';
import { levelAt, levelCount, levelOf } from '../../space/levels.js';
import type { Parameter, Params, ParamValue, SearchSpace } from '../../space/parameter.js';
import { decode, encode } from '../../space/unit.js';

/** One modelled parameter. */
export interface Axis {
  readonly parameter: Parameter;
  /** Number of values; Infinity for a float without step. */
  readonly levels: number;
  /** Categorical and boolean: compared by equality only. */
  readonly isUnordered: boolean;
  /** Its column in a row. */
  readonly column: number;
  /** The column that says whether it is inactive, or -1 when it is always active or unordered. */
  readonly inactiveColumn: number;
  /** Whether a condition of another parameter looks at it. */
  readonly isParent: boolean;
}

/**
 * How a space is laid out. A *point* has one number per axis: u in [0, 1], at the centre of its cell where values are finitely
 * many, or the place of the choice. A *row* has the numeric columns first, then the categorical ones: an inactive numeric
 * parameter is (1/2, 1) in its two columns instead of (u, 0); an inactive choice is one more choice.
 */
export interface Features {
  readonly space: SearchSpace;
  readonly axes: readonly Axis[];
  /** All parameters in draw order, with the number of their axis, -1 for those that are left out. */
  readonly order: readonly { readonly parameter: Parameter; readonly axis: number }[];
  readonly numeric: number;
  readonly width: number;
  readonly isConditional: boolean;
}

/** The layout of a space; parameters with one value and no condition are left out. */
export function featuresOf(space: SearchSpace): Features {
  const known = LAYOUTS.get(space);
  if (known !== undefined) return known;

  const parents = new Set(space.parameters.flatMap((parameter) => (parameter.when ? mentions(parameter.when) : [])));
  const modelled = drawOrder(space).filter((parameter) => levelCount(parameter) > 1 || parameter.when !== undefined);
  const isUnordered = (parameter: Parameter) => parameter.kind === 'categorical' || parameter.kind === 'boolean';
  const hasIndicator = (parameter: Parameter) => !isUnordered(parameter) && parameter.when !== undefined;
  let numeric = 0;
  let categorical = modelled.reduce(
    (sum, parameter) => sum + (isUnordered(parameter) ? 0 : hasIndicator(parameter) ? 2 : 1),
    0,
  );
  const numericCount = categorical;
  const axes = modelled.map((parameter): Axis => {
    const column = isUnordered(parameter) ? categorical++ : numeric++;
    const inactiveColumn = hasIndicator(parameter) ? numeric++ : -1;
    const isParent = parents.has(parameter.name);
    return {
      parameter,
      levels: levelCount(parameter),
      isUnordered: isUnordered(parameter),
      column,
      inactiveColumn,
      isParent,
    };
  });
  const isConditional = modelled.some((parameter) => parameter.when !== undefined);
  const order = drawOrder(space).map((parameter) => ({ parameter, axis: modelled.indexOf(parameter) }));
  const features = { space, axes, order, numeric: numericCount, width: categorical, isConditional };
  LAYOUTS.set(space, features);
  return features;
}

/** Memo of `featuresOf`: spaces are immutable. */
const LAYOUTS = new WeakMap<SearchSpace, Features>();

/** The point of legal params; an inactive parameter stands at its first or middle value. */
export function pointOf({ axes }: Features, params: Params): Float64Array {
  return Float64Array.from(axes, (axis) => {
    const value = params[axis.parameter.name];
    if (value === undefined) return axis.isUnordered ? 0 : snap(axis, 0.5);
    return axis.isUnordered ? levelOf(axis.parameter, value) : encode(axis.parameter, value);
  });
}

/** The params at a point: what is inactive there is left out. */
export function paramsAt({ axes, order }: Features, point: Float64Array): Params {
  const params: Record<string, ParamValue> = {};
  for (const { parameter, axis } of order) {
    if (!isActive(parameter, params)) continue;
    const on = axes[axis];
    params[parameter.name] = on === undefined ? levelAt(parameter, 0) : valueAt(on, point[axis] as number);
  }
  return params;
}

/** Writes the row of a point at `offset`. */
export function writeRow(features: Features, point: Float64Array, target: Float64Array, offset: number): void {
  const params = features.isConditional ? paramsAt(features, point) : null;
  for (let i = 0; i < features.axes.length; i++) {
    const axis = features.axes[i] as Axis; // Below the length.
    const isInactive = params !== null && !Object.hasOwn(params, axis.parameter.name);
    target[offset + axis.column] = isInactive ? (axis.isUnordered ? axis.levels : 0.5) : (point[i] as number);
    if (axis.inactiveColumn >= 0) target[offset + axis.inactiveColumn] = isInactive ? 1 : 0;
  }
}

/** The nearest place on an axis that a value has: the centre of the cell of u, or u itself for a float without step. */
export function snap({ parameter, levels, isUnordered }: Axis, u: number): number {
  if (isUnordered) return Math.min(levels - 1, Math.max(0, Math.floor(u)));
  return levels === Infinity ? Math.min(1, Math.max(0, u)) : encode(parameter, decode(parameter, u));
}

/** The place on an axis that a uniform number in [0, 1) falls on. */
export function placeAt(axis: Axis, u: number): number {
  return snap(axis, axis.isUnordered ? u * axis.levels : u);
}

/** The place of value k of an axis with finitely many. */
export function placeOf({ parameter, isUnordered }: Axis, k: number): number {
  return isUnordered ? k : encode(parameter, levelAt(parameter, k));
}

/** The number of the value at a place of an axis with finitely many. */
export function levelAtPlace({ parameter, isUnordered }: Axis, place: number): number {
  return isUnordered ? place : levelOf(parameter, decode(parameter, place));
}

function valueAt({ parameter, isUnordered }: Axis, place: number): ParamValue {
  return isUnordered ? levelAt(parameter, place) : decode(parameter, place);
}
