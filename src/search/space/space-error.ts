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

/** Thrown when no values satisfy every constraint: for certain, or as far as a search could find. */
export class InfeasibleError extends Error {
  override readonly name = 'InfeasibleError';
  readonly code = 'SPACE_INFEASIBLE';
  /** The constraints that the best values found still break. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], constraints: readonly string[]) {
    const best = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    super(`no values satisfy ${constraints.join(', ')} together: loosen or remove one; the best found: ${best}`);
    this.problems = problems;
  }
}
