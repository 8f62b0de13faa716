/** Who turns a history into proposals: in this thread, or in a worker that can be cut off. Both give the same answer. */

import type { Method } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { History } from '../../search/history.js';
import { resume } from '../../search/judge.js';
import { propose } from '../../search/propose.js';
import type { Start } from '../../search/pruners/schedulers/scheduler.js';
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

/** The same for what a scheduler goes on with. */
export interface ResumptionRequest {
  readonly scheduler: Method;
  readonly history: History;
  /** How many slots are free, >= 1. */
  readonly free: number;
  readonly experimentId?: ExperimentId;
}

export interface Proposer {
  /**
   * The next trials: fewer than asked for when the space is exhausted. A function of the request alone.
   * Rejects when the sampler throws, or takes too long where that can be told.
   */
  propose(request: ProposalRequest): Promise<readonly Proposal[]>;
  /** Paused trials to go on with, and offspring to start: at most `free`, none of a pruner. Rejects as `propose` does. */
  resume(request: ResumptionRequest): Promise<readonly Start[]>;
  /** Samplers of the operator's own that it can run; absent: none. */
  readonly own?: readonly OwnSampler[];
  close(): Promise<void>;
}

/** Proposes in this thread: for tests and scripts. It blocks, and nothing stops a sampler that hangs. */
export const inlineProposer: Proposer = {
  propose: async (request) => proposeNow(request),
  resume: async (request) => resumeNow(request),
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

/**
 * The same for schedulers. Like pruners they compare curves, not params: trials that a revision left outside the space are
 * known to them as before.
 */
export function resumeNow({ scheduler, history, free }: ResumptionRequest): readonly Start[] {
  return resume({ scheduler, history: withOutside(history), free, makeGenerator: seededGenerator });
}

/** The history with the trials outside the space among the others. */
export function withOutside(history: History): History {
  const { trials, outside } = history;
  return outside === undefined ? history : { ...history, trials: [...trials, ...outside] };
}
