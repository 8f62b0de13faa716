/** The samplers that experiments of this server may name. */
import { parseOptions } from '../../search/options.js';
import { type SamplerRegister, samplers } from '../../search/samplers/index.js';
import type { SamplerDefinition } from '../../search/samplers/sampler.js';
import { EXTERNAL, external } from './external.js';
import type { OwnSampler } from './own-samplers.js';
import type { Proposer } from './proposer.js';

/** Those of the search room, `external`, and those of the operator as they describe themselves. */
export function registerOf({ own = [] }: Pick<Proposer, 'own'>): SamplerRegister {
  const described = own.map((sampler) => [sampler.kind, withoutCode(sampler)] as const);
  return { ...samplers, [EXTERNAL]: external, ...Object.fromEntries(described) };
}

/** Checks options, and proposes nothing: the code is in the worker. */
function withoutCode({ kind, summary, source, objectives, options }: OwnSampler): SamplerDefinition {
  return {
    ...{ kind, summary, objectives, options },
    ...(source === undefined ? {} : { source }),
    create: (given) => {
      parseOptions(options, given);
      return { suggest: () => [] };
    },
  };
}
