/** What makes an operation typed. */

/** A document with constant text and the types of its result and variables; those in `generated/operations.ts` are. */
export interface DocumentText<Result, Variables> {
  toString(): string;
  __apiType?: ((variables: Variables) => Result) | undefined;
}
