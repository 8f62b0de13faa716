/** The error of a sampler or pruner that does not exist, or is not given what it needs. */

import type { Problem } from './space/space-error.js';

/** `METHOD_UNKNOWN`: no such kind. `OPTIONS_INVALID`: the problems say which. `METHOD_UNSUITED`: not for this experiment. */
export type MethodErrorCode = 'METHOD_UNKNOWN' | 'OPTIONS_INVALID' | 'METHOD_UNSUITED';

/** Thrown where a method is created; `available` lists the kinds, or the options, that exist. */
export class MethodError extends Error {
  override readonly name = 'MethodError';
  readonly code: MethodErrorCode;
  readonly problems: readonly Problem[];
  readonly available: readonly string[];

  constructor(code: MethodErrorCode, problems: readonly Problem[], available: readonly string[]) {
    super(problems.map((problem) => `${problem.path}: ${problem.message}`).join('; '));
    this.code = code;
    this.problems = problems;
    this.available = available;
  }
}
