/** Who turns a history into proposals: in this thread, or in a worker that can be cut off. Both give the same answer. */

import type { Method } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { History } from '../../search/history.js';
import { propose } from '../../search/propose.js';
import type { SamplerRegister } from '../../search/samplers/index.js';
import type { Proposal } from '../../search/samplers/proposal.js';
import { seededGenerator } from './generator.js';
import type { OwnSampler } from './own-samplers.js';

/** Plain data: it may travel to a worker. */
export interface ProposalRequest {
  readonly sampler: Method;
  readonly history: History;
  /** How many trials are wanted, >= 1. */
  readonly count: number;
  /** Whose history it is: what a worker knows of it already is not sent again. */
  readonly experimentId?: ExperimentId;
}

export interface Proposer {
  /**
   * The next trials: fewer than asked for when the space is exhausted. A function of the request alone.
   * Rejects when the sampler throws, or takes too long where that can be told.
   */
  propose(request: ProposalRequest): Promise<readonly Proposal[]>;
  /** Samplers of the operator's own that it can run; absent: none. */
  readonly own?: readonly OwnSampler[];
  close(): Promise<void>;
}

/** Proposes in this thread: for tests and scripts. It blocks, and nothing stops a sampler that hangs. */
export const inlineProposer: Proposer = {
  propose: async (request) => proposeNow(request),
  close: async () => undefined,
};

/** What both kinds run; `register` is of the search room unless there is more. */
export function proposeNow(
  { sampler, history, count }: ProposalRequest,
  register?: SamplerRegister,
): readonly Proposal[] {
  const request = { sampler, history, count, makeGenerator: seededGenerator };
  return propose(register === undefined ? request : { ...request, register });
}
