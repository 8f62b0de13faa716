/** The register of samplers: to add one, write its file and its line here; the court runs over all of them. */

import type { History } from '../history.js';
import { MethodError } from '../method-error.js';
import { anneal } from './anneal.js';
import { annealSearch } from './anneal-search.js';
import { auto } from './auto.js';
import { bohb } from './bohb/bohb.js';
import { cma } from './cma/cma.js';
import { bayesOptSearch } from './gp/bayes-opt-search.js';
import { gp } from './gp/gp.js';
import { turbo } from './gp/turbo.js';
import { grid } from './grid.js';
import { mfgp } from './mfgp/mfgp.js';
import { nsga2 } from './nsga2/nsga2.js';
import { qmc } from './qmc.js';
import { random } from './random.js';
import type { Sampler, SamplerDefinition } from './sampler.js';
import { tpe } from './tpe/tpe.js';
import { tpeSearch } from './tpe-search.js';

/** Methods by kind. */
export type SamplerRegister = Readonly<Record<string, SamplerDefinition>>;

export const samplers: SamplerRegister = {
  auto,
  gp,
  turbo,
  mfgp,
  tpe,
  bohb,
  cma,
  nsga2,
  qmc,
  anneal,
  random,
  grid,
  bayes_opt_search: bayesOptSearch,
  tpe_search: tpeSearch,
  anneal_search: annealSearch,
};

/**
 * The sampler of this kind with its options parsed, of this register or one with more in it.
 * @throws MethodError METHOD_UNKNOWN listing the kinds; OPTIONS_INVALID; METHOD_UNSUITED when it cannot serve the objectives.
 */
export function createSampler(
  kind: string,
  options: unknown,
  directions: History['directions'],
  register: SamplerRegister = samplers,
): Sampler {
  const definition = Object.hasOwn(register, kind) ? register[kind] : undefined;
  if (definition === undefined) {
    const kinds = Object.keys(register);
    const message = `no sampler is called ${JSON.stringify(kind)}: use one of ${kinds.join(', ')}`;
    throw new MethodError('METHOD_UNKNOWN', [{ path: 'sampler.kind', message }], kinds);
  }
  if (definition.objectives === 'one' && directions.length !== 1) {
    const able = Object.values(register)
      .filter((other) => other.objectives === 'any')
      .map((other) => other.kind);
    const message = `${kind} serves one objective, not ${directions.length}: use one of ${able.join(', ')}`;
    throw new MethodError('METHOD_UNSUITED', [{ path: 'sampler.kind', message }], able);
  }
  return definition.create(options);
}
