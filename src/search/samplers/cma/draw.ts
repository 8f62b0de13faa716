/** A draw from the laws, made the same again for as long as the laws are known. */

import type { Table } from '../../columns/table.js';
import { inverseLowerMass } from '../../math/normal.js';
import type { Rng } from '../../math/rng.js';
import { isActive } from '../../space/condition.js';
import type { Params, ParamValue } from '../../space/parameter.js';
import { decode } from '../../space/unit.js';
import type { Layout } from './layout.js';
import { colour, type NormalLaw } from './normal-law.js';

/** What draws are made from. */
export interface Laws {
  readonly normal: NormalLaw;
  /** [c][K] */
  readonly choices: readonly Float64Array[];
}

/** Unrounded, for all parameters, active or not. */
export interface Draw {
  readonly numbers: Float64Array; // [d]
  readonly choices: Int32Array; // [c]
}

/** A draw inside the cube: what leaves it (grids cannot) is drawn again up to 10 d times, then clipped. */
export function drawFrom(laws: Laws, layout: Layout, rng: Rng): Draw {
  const { mean, sigma, scales } = laws.normal;
  const d = mean.length;
  const normals = rng.fork('numbers');
  let numbers = mean;
  for (let attempt = 0; attempt <= 10 * d && d > 0; attempt++) {
    const z = mean.map(() => inverseLowerMass(Math.max(normals.next(), 2 ** -54)));
    const y = colour(laws.normal, z);
    numbers = mean.map((m, j) => m + sigma * (scales[j] as number) * (y[j] as number));
    if (numbers.every((u, j) => layout.numbers[j]?.isGrid === true || (u >= 0 && u <= 1))) break;
  }
  numbers = numbers.map((u, j) => (layout.numbers[j]?.isGrid === true ? u : Math.min(1, Math.max(0, u))));
  const uniform = rng.fork('choices');
  return { numbers, choices: Int32Array.from(laws.choices, (law) => choose(law, uniform.next())) };
}

/** The params that a draw stands for. */
export function paramsOf(draw: Draw, table: Table, layout: Layout): Params {
  const points = new Map<number, number>();
  layout.numbers.forEach(({ column, landing }, j) => {
    points.set(column, landing(draw.numbers[j] as number));
  });
  layout.choices.forEach(({ column }, c) => {
    points.set(column, draw.choices[c] as number);
  });
  const params: Record<string, ParamValue> = {};
  table.codecs.forEach((codec, column) => {
    const { parameter } = codec;
    if (!isActive(parameter, params)) return;
    // A parameter with one value is in no coordinate.
    params[parameter.name] = points.has(column) ? codec.valueAt(points.get(column) as number) : onlyValue(codec);
  });
  return params;
}

/** Whether a row of the table is what this draw stands for. */
export function isDrawOf(draw: Draw, table: Table, row: number, layout: Layout): boolean {
  const isSame = (column: number, point: number) => {
    const known = table.points[column]?.[row] ?? Number.NaN;
    return Number.isNaN(known) || known === point;
  };
  return (
    layout.choices.every(({ column }, c) => isSame(column, draw.choices[c] as number)) &&
    layout.numbers.every(({ column, landing }, j) => isSame(column, landing(draw.numbers[j] as number)))
  );
}

function onlyValue({ parameter, isUnordered, valueAt }: Table['codecs'][number]): ParamValue {
  return isUnordered ? valueAt(0) : decode(parameter, 0);
}

function choose(law: Float64Array, r: number): number {
  let rest = r;
  for (let k = 0; k < law.length - 1; k++) {
    rest -= law[k] as number;
    if (rest < 0) return k;
  }
  return law.length - 1;
}
