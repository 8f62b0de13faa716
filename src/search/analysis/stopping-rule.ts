/** What one rule says about stopping. */

export interface StoppingRule {
  /**
   * `stagnation`: trials since the last improvement. `gain`: expected gain of the next trials, in the objective's unit.
   * `worth`: that gain per hour of training.
   */
  readonly kind: 'stagnation' | 'gain' | 'worth';
  readonly value: number;
  /** Stop from there: at or above for stagnation, at or below for the others. */
  readonly threshold: number;
  readonly shouldStop: boolean;
  /** One sentence for people. */
  readonly reason: string;
}
