/** Which parameters are modelled jointly: those that were always active together. */

import { drawOrder } from '../../space/draw-order.js';
import { levelCount } from '../../space/levels.js';
import type { Parameter, Params, SearchSpace } from '../../space/parameter.js';

/**
 * The coarsest partition in which every regime (set of active names) is a union of blocks, each in draw order. Parameters
 * that never were active, or have a single value, are in none.
 * @source the conditional groups of Optuna's TPE (Ozaki et al. JAIR 2022); arXiv:2601.20800.
 */
export function blocksOf(space: SearchSpace, params: readonly Params[]): readonly (readonly Parameter[])[] {
  const regimes = new Map(params.map((some) => [Object.keys(some).sort().join(' '), some]));
  const blocks = new Map<string, Parameter[]>();
  for (const parameter of drawOrder(space)) {
    if (levelCount(parameter) === 1) continue;
    const signature = [...regimes].flatMap(([names, some]) => (Object.hasOwn(some, parameter.name) ? [names] : []));
    if (signature.length === 0) continue;
    const name = signature.sort().join('\n');
    blocks.set(name, [...(blocks.get(name) ?? []), parameter]);
  }
  return [...blocks.values()];
}
