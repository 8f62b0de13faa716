/** Params near others: what a copy in population-based training goes on with. */

import type { Rng } from '../../math/rng.js';
import { isActive } from '../../space/condition.js';
import { isFeasible } from '../../space/constraint.js';
import { drawOrder } from '../../space/draw-order.js';
import { levelAt, levelCount, levelOf } from '../../space/levels.js';
import type { Parameter, Params, ParamValue, SearchSpace } from '../../space/parameter.js';
import { decode } from '../../space/unit.js';

/** Numbers grow or shrink by this. */
const STEP = 0.2;
/** Draws in place of one that breaks a constraint. */
const MOST_REDRAWS = 100;

/**
 * Legal params: each parameter is drawn anew with chance `resample`, and when it was inactive; else a number times 1.2 or 0.8,
 * by at least one level where it has levels, and an ordinal, categorical or boolean to a neighbour in the order declared. A
 * fixed one stays. What breaks a constraint is drawn again, up to 100 times; then the params are those it came from, which
 * must be legal.
 */
export function explore(space: SearchSpace, from: Params, resample: number, rng: Rng): Params {
  let params = changed(space, from, resample, rng);
  for (let i = 1; i <= MOST_REDRAWS && !isFeasible(space, params); i++) {
    params = changed(space, from, resample, rng.fork(`redraw ${i}`));
  }
  return isFeasible(space, params) ? params : from;
}

function changed(space: SearchSpace, from: Params, resample: number, rng: Rng): Params {
  const params: Record<string, ParamValue> = {};
  for (const parameter of drawOrder(space)) {
    if (!isActive(parameter, params)) continue;
    const draws = rng.fork(parameter.name);
    const before = Object.hasOwn(from, parameter.name) ? from[parameter.name] : undefined;
    const isNew = before === undefined || draws.next() < resample;
    params[parameter.name] = isNew ? decode(parameter, draws.next()) : neighbour(parameter, before, draws.next() < 0.5);
  }
  return params;
}

function neighbour(parameter: Parameter, value: ParamValue, up: boolean): ParamValue {
  if (parameter.fixed !== undefined) return parameter.fixed;
  const target = typeof value === 'number' ? value * (up ? 1 + STEP : 1 - STEP) : Number.NaN;
  if (parameter.kind === 'float' && parameter.step === undefined) {
    return Math.min(parameter.high, Math.max(parameter.low, target));
  }
  const level = levelOf(parameter, value);
  const isNumber = parameter.kind === 'float' || parameter.kind === 'int';
  const there = isNumber ? Math.round((target - parameter.low) / (parameter.step ?? 1)) : level;
  const next = there === level ? level + (up ? 1 : -1) : there;
  return levelAt(parameter, Math.min(levelCount(parameter) - 1, Math.max(0, next)));
}
