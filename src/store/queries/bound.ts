/** Parameters in the order of their placeholders, for statements whose text depends on what is asked. */
export class Bound {
  readonly values: unknown[] = [];

  /** The placeholder of `value`. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** How many items the list of one parent has. */
export interface ParentCount<ParentId> {
  readonly id: ParentId;
  readonly n: number;
}
