import type { MeanInterval } from '../search/math/student.js';
import type { Explanation } from '../search/samplers/proposal.js';
import type { ExperimentId, ProjectId, TrialId } from './ids.js';

/** What the completed trials at one point came to. */
export type { MeanInterval };

export type TrialState = 'WAITING' | 'RUNNING' | 'COMPLETED' | 'PRUNED' | 'FAILED' | 'STOPPED';

/** Why an attempt ended badly; each cause has its own retry budget (`lifecycle.ts`). */
export type FailureCause = 'USER_CODE' | 'OOM' | 'INFRASTRUCTURE' | 'PREEMPTED' | 'TIMEOUT' | 'HANG' | 'POISON';

/** Who asked a running trial to end. */
export type StopReason = 'PRUNER' | 'USER' | 'EXPERIMENT';

export type Params = Readonly<Record<string, string | number | boolean | null>>;

/** Why a trial was proposed, as its sampler said then. */
export interface TrialExplanation extends Explanation {
  /** Version of the search room that proposed it, and after a space that of an operator's own sampler, `kind@hash`. */
  readonly engine: string;
}

/** One set of hyperparameters and what was observed. */
export interface Trial {
  readonly id: TrialId;
  readonly projectId: ProjectId;
  readonly experimentId: ExperimentId;
  readonly number: number;
  readonly name: string | null;
  readonly state: TrialState;
  /** Active hyperparameters only. */
  readonly params: Params;
  readonly tags: readonly string[];
  /** Sampler kind that proposed it, or `user`. */
  readonly proposedBy: string;
  /** The objective's value once ended: NaN and infinities may be stored, and are never best. Null: none was reported. */
  readonly value: number | null;
  /** One per objective where there are several, of which `value` is the first; null: that one was not reported. */
  readonly objectiveValues: readonly (number | null)[] | null;
  /** What was observed of each metric with a bound, in the order of the bounds; null without bounds, and until it ended. */
  readonly constraintValues: readonly number[] | null;
  /** By how much the bounds are exceeded, summed: 0 is feasible, NaN counts as infinite. Null as `constraintValues` is. */
  readonly violation: number | null;
  /** Of a search with replicates: number of the first trial at the same point. */
  readonly point: number | null;
  /** Its place among the trials there: 0 of the first. */
  readonly replicate: number | null;
  /** What its code shall seed its randomness with: the same for the same place at every point. */
  readonly seed: number | null;
  readonly cause: FailureCause | null;
  /** Human text of how it ended, e.g. the last line of an exception. */
  readonly message: string | null;
  readonly stopReason: StopReason | null;
  readonly stopMessage: string | null;
  /** Why a scheduler asked the attempt under way to save its checkpoint and end; null otherwise. */
  readonly pausing: string | null;
  /** Whether the attempt's program said that it does. */
  readonly pauseObeyed: boolean;
  /** Positions at which it was paused and resumed: as often, or once less while it is paused. */
  readonly pausedAt: readonly number[];
  readonly resumedAt: readonly number[];
  /** Number of the trial whose checkpoint it began with. */
  readonly parentNumber: number | null;
  /** Number of the newest attempt; 0 when it never started. */
  readonly attempt: number;
  /** Positions in the experiment's sequence. */
  readonly askedAt: number;
  readonly endedSequence: number | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** When we last heard from it. */
  readonly contactAt: Date | null;
  /** Points the SDK had to give up, counted. */
  readonly dropped: number;
  /** Since when its points are not kept any more, as its project wants it; null: they are kept. Summaries stay. */
  readonly pointsExpiredAt: Date | null;
  /** The same for the lines of its logs. */
  readonly logsExpiredAt: Date | null;
}
