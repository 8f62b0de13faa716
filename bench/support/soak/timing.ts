/** How a day and the weeks for which things are kept fit into minutes. */

export interface Timing {
  readonly runMs: number;
  /** What comes before is not judged: all that is kept for days has begun to go by then. */
  readonly warmMs: number;
  /** The hour of the tail window, compressed as the day is into the run. */
  readonly tailWindowSeconds: number;
  /** A day of keeping: the run sees thirty of them, eight of which (the change feed's) are over before the warm-up is. */
  readonly daySeconds: number;
  readonly sampleMs: number;
  /** Longest life of a trial. */
  readonly longestTrialMs: number;
}

const HOURS = 24;
const DAYS_A_RUN = 30;
const SAMPLES_A_RUN = 180;

export function timingOf(minutes: number): Timing {
  const runMs = minutes * 60_000;
  return {
    runMs,
    warmMs: runMs / 3,
    tailWindowSeconds: Math.max(1, Math.round(runMs / HOURS / 1_000)),
    daySeconds: Math.max(1, Math.round(runMs / DAYS_A_RUN / 1_000)),
    sampleMs: Math.max(500, runMs / SAMPLES_A_RUN),
    longestTrialMs: Math.min(60_000, runMs / 6),
  };
}
