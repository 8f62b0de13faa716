/** The register of samplers: to add one, write its file and its line here; the court runs over all of them. */

import type { History } from '../history.js';
import { MethodError } from '../method-error.js';
import { bohb } from './bohb/bohb.js';
import { grid } from './grid.js';
import { random } from './random.js';
import type { Sampler, SamplerDefinition } from './sampler.js';
import { tpe } from './tpe/tpe.js';

export const samplers: Readonly<Record<string, SamplerDefinition>> = { random, grid, tpe, bohb };

/**
 * The sampler of this kind with its options parsed.
 * @throws MethodError METHOD_UNKNOWN listing the kinds; OPTIONS_INVALID; METHOD_UNSUITED when it cannot serve the objectives.
 */
export function createSampler(kind: string, options: unknown, directions: History['directions']): Sampler {
  const definition = Object.hasOwn(samplers, kind) ? samplers[kind] : undefined;
  if (definition === undefined) {
    const kinds = Object.keys(samplers);
    const message = `no sampler is called ${JSON.stringify(kind)}: use one of ${kinds.join(', ')}`;
    throw new MethodError('METHOD_UNKNOWN', [{ path: 'sampler.kind', message }], kinds);
  }
  if (definition.objectives === 'one' && directions.length !== 1) {
    const able = Object.values(samplers)
      .filter((other) => other.objectives === 'any')
      .map((other) => other.kind);
    const message = `${kind} serves one objective, not ${directions.length}: use one of ${able.join(', ')}`;
    throw new MethodError('METHOD_UNSUITED', [{ path: 'sampler.kind', message }], able);
  }
  return definition.create(options);
}
