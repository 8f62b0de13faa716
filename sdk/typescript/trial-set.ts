/** The trials that match a filter, as messages of `experiment.watchTrials` make them. Pure: no clock, no network. */

/** What a set is changed by: `entered` and `updated` are put in place by id, and what `left` may not have been there. */
export interface TrialSetMessage<Row extends { readonly id: string }> {
  readonly reset: boolean;
  readonly entered: readonly Row[];
  readonly updated: readonly Row[];
  readonly left: readonly string[];
}

export class TrialSet<Row extends { readonly id: string }> {
  /** The trials by id, each as it was told last. */
  readonly trials = new Map<string, Row>();

  /** Takes a message in; messages of one subscription in their order. */
  apply({ reset, entered, updated, left }: TrialSetMessage<Row>): void {
    if (reset) this.trials.clear();
    for (const row of entered) this.trials.set(row.id, row);
    for (const row of updated) this.trials.set(row.id, row);
    for (const id of left) this.trials.delete(id);
  }
}
