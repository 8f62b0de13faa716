/** The one way into the samplers: from a request that is plain data, but for the generator, to proposals. */

import type { History } from './history.js';
import { createRng, type MakeGenerator } from './math/rng.js';
import { suggestWithReplicates } from './replicates.js';
import { createSampler, type SamplerRegister } from './samplers/index.js';
import type { Proposal } from './samplers/proposal.js';

export interface ProposeRequest {
  readonly sampler: { readonly kind: string; readonly options: unknown };
  readonly history: History;
  /** How many trials are wanted, >= 1. */
  readonly count: number;
  /** seedrandom's `(seed) => alea(seed).double`; the rest of the request may be cloned to a worker, this is made there. */
  readonly makeGenerator: MakeGenerator;
  /** The samplers that may be asked for; default: those of this room. */
  readonly register?: SamplerRegister;
}

/**
 * The next `count` trials: fewer when the space is exhausted, none when the search is complete. A function of the
 * request alone: the same on any server, at any time.
 * @throws MethodError when the sampler is unknown, misconfigured or unsuited.
 */
export function propose(request: ProposeRequest): readonly Proposal[] {
  const { sampler, history, count, makeGenerator, register } = request;
  const method = createSampler(sampler.kind, sampler.options, history.directions, register);
  const rng = createRng(history.seed, makeGenerator);
  return history.replicates === undefined
    ? method.suggest(history, count, rng)
    : suggestWithReplicates(method, history, history.replicates, count, rng);
}
