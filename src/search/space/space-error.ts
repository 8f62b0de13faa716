/** The error of a search space, or of values for one, that does not make sense. */

/** One thing that is wrong: `path` names the place (`lr.low`), `message` says what and what to write instead. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Called once for each problem found; parsing goes on, so that a person sees them all at once. */
export type Report = (path: string, message: string) => void;

/** Thrown by `parseSpace` with every problem of the space. */
export class SpaceError extends Error {
  override readonly name = 'SpaceError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.path}: ${problem.message}`).join('; '));
    this.problems = problems;
  }
}
