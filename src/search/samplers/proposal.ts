/** What a sampler answers: the params of a trial, and why these. Plain data, stored with the trial and shown to people. */

import type { Params } from '../space/parameter.js';

/**
 * How a proposal came about. `DEFAULT`: the default configuration. `STARTUP`: before the model speaks. `LISTED`: the next
 * of a fixed sequence. `RANDOM`: drawn without a model. `EXPLORE` and `EXPLOIT`: the model wants to know more, or expects
 * a good value.
 */
export type Phase = 'DEFAULT' | 'STARTUP' | 'LISTED' | 'RANDOM' | 'EXPLORE' | 'EXPLOIT';

export interface Explanation {
  readonly phase: Phase;
  /** One sentence for people; absent when the phase says it all. */
  readonly reason?: string;
  /** Of the objective as the model expects it, in its own unit and direction; finite. */
  readonly mean?: number;
  /** Standard deviation of that, >= 0. */
  readonly deviation?: number;
  /** What the sampler maximised, in its own scale; finite. */
  readonly acquisition?: number;
}

/** What one method says of one trial; `by` only when another one made it. */
export interface Suggested {
  readonly params: Params;
  readonly by?: string;
  readonly explanation: Explanation;
}

/** A trial to run. */
export interface Proposal {
  readonly params: Params;
  /** Kind of the sampler that made it: of `auto`, the one it chose. */
  readonly by: string;
  readonly explanation: Explanation;
  /** Of a sampler that did not come with this room: which one it was, and what its code was. */
  readonly version?: string;
  /** Of a trial that tries a point again: number of the first trial there that is known. */
  readonly point?: number;
}

/** For methods whose phase says it all; null stays null: the space is exhausted. */
export function suggested(params: Params | null, phase: Phase): Suggested | null {
  return params === null ? null : { params, explanation: { phase } };
}
