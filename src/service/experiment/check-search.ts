/** What people ask a search to be, checked once and completed by defaults. Pure but for the seed. */
import { PlatformError } from '../../domain/errors.js';
import {
  BUDGET_DEFAULTS,
  type Budget,
  type Method,
  type Resources,
  SEARCH_DEFAULTS,
  type Search,
} from '../../domain/experiment.js';
import { createJudge, isScheduler } from '../../search/judge.js';
import { createRng } from '../../search/math/rng.js';
import { MethodError } from '../../search/method-error.js';
import { createSampler } from '../../search/samplers/index.js';
import { requireFeasible } from '../../search/space/find-feasible.js';
import { parseSpace } from '../../search/space/parse-space.js';
import { InfeasibleError, SpaceError } from '../../search/space/space-error.js';
import { checkCount, checkText } from '../check.js';
import type { Deps } from '../deps.js';
import { seededGenerator } from '../search/generator.js';
import { registerOf } from '../search/register.js';
import { checkMetricConstraints, checkObjectives, type ObjectivesInput } from './check-objectives.js';
import { checkReplicates, type ReplicatesInput } from './check-replicates.js';

export interface SearchInput extends ObjectivesInput {
  /** A map from name to declaration, or `{ parameters: [...] }`. */
  readonly space: unknown;
  readonly sampler?: MethodInput | null;
  readonly pruner?: MethodInput | null;
  readonly budget?: BudgetInput | null;
  readonly seed?: string | null;
  /** 0: trials may fail alike for ever. */
  readonly failureLimit?: number | null;
  /** Absent: each point is tried once. */
  readonly replicates?: ReplicatesInput | null;
  /** Experiments by path or id whose ended trials its models begin with. */
  readonly warmStart?: readonly string[] | null;
}

export interface MethodInput {
  readonly kind: string;
  readonly options?: unknown;
}

export interface BudgetInput {
  readonly maxTrials?: number | null;
  readonly maxParallel?: number | null;
  readonly maxHours?: number | null;
  readonly maxGpuHours?: number | null;
  readonly maxSlotHours?: number | null;
  readonly whenSpent?: Budget['whenSpent'] | null;
}

export interface ResourcesInput {
  readonly gpus?: number | null;
  readonly slots?: number | null;
  readonly timeoutSeconds?: number | null;
}

const MOST_PARALLEL = 10_000;
const MOST_TRIALS = 1_000_000;
const MOST_FAILURES = 1_000;
const LONGEST_SECONDS = 366 * 86_400;

/**
 * The search with defaults: sampler auto, pruner none, one trial at a time, the last value, a random seed, five failures alike.
 * @throws SPACE_INVALID and INPUT_INVALID with `problems`, METHOD_UNKNOWN with what exists, LIMIT_EXCEEDED.
 */
export function checkSearch(deps: Pick<Deps, 'random' | 'proposer'>, input: SearchInput): Search {
  const objectives = checkObjectives(input);
  const metricConstraints = checkMetricConstraints(input);
  const sampler = methodOf(input.sampler, 'auto');
  const pruner = methodOf(input.pruner, 'none');
  const space = checkSpace(input.space);
  const goals = objectives.map(({ goal }) => goal);
  asPlatformError(() => createSampler(sampler.kind, sampler.options, goals, registerOf(deps.proposer)));
  asPlatformError(() => createJudge(pruner.kind, pruner.options));
  const replicates = checkReplicates(input.replicates, objectives.length);
  if (replicates !== null && isScheduler(pruner.kind))
    throw new PlatformError(
      'INPUT_INVALID',
      `replicates do not go with the scheduler ${pruner.kind}: leave them out, or use a pruner, such as asha or hyperband`,
    );
  const seed =
    input.seed === null || input.seed === undefined
      ? deps.random(8).toString('hex')
      : checkText(input.seed, 'seed', 256);
  const failureLimit = checkCount(input.failureLimit ?? SEARCH_DEFAULTS.failureLimit, 'failureLimit', MOST_FAILURES);
  const { revision, warmTrials } = SEARCH_DEFAULTS;
  return {
    space,
    objective: objectives[0],
    objectives,
    metricConstraints,
    replicates,
    sampler,
    pruner,
    budget: checkBudget(input.budget ?? {}),
    seed,
    failureLimit,
    revision,
    warmTrials,
  };
}

/** What one attempt needs, with defaults: one slot, no GPU, no limit of time. @throws INPUT_INVALID. */
export function checkResources(input: ResourcesInput): Resources {
  const { gpus, slots, timeoutSeconds } = input;
  return {
    gpus: checkCount(gpus ?? 0, 'gpus', 1_024),
    slots: checkCount(slots ?? 1, 'slots', 10_000),
    timeoutSeconds:
      timeoutSeconds === null || timeoutSeconds === undefined
        ? null
        : atLeastOne(timeoutSeconds, 'timeoutSeconds', LONGEST_SECONDS),
  };
}

/**
 * The space as it is stored: a list that keeps its order. @throws SPACE_INVALID with `problems`, also when nothing was found
 * that satisfies all of its constraints.
 */
export function checkSpace(given: unknown): Search['space'] {
  return asPlatformError(() => {
    const space = parseSpace(given);
    if (space.constraints !== undefined) requireFeasible(space, createRng('feasible', seededGenerator));
    return { ...space };
  });
}

function methodOf(given: MethodInput | null | undefined, kind: string): Method {
  if (given === null || given === undefined) return { kind, options: {} };
  // The method's own parser says what is wrong with its options.
  return { kind: given.kind, options: (given.options ?? {}) as Method['options'] };
}

/** @throws INPUT_INVALID. */
export function checkBudget(given: BudgetInput): Budget {
  const { maxTrials, maxParallel, whenSpent } = given;
  return {
    maxTrials: maxTrials === null || maxTrials === undefined ? null : atLeastOne(maxTrials, 'maxTrials', MOST_TRIALS),
    maxParallel: atLeastOne(maxParallel ?? 1, 'maxParallel', MOST_PARALLEL),
    maxHours: hoursOf(given, 'maxHours'),
    maxGpuHours: hoursOf(given, 'maxGpuHours'),
    maxSlotHours: hoursOf(given, 'maxSlotHours'),
    whenSpent: whenSpent ?? BUDGET_DEFAULTS.whenSpent,
  };
}

function hoursOf(given: BudgetInput, what: 'maxHours' | 'maxGpuHours' | 'maxSlotHours'): number | null {
  const hours = given[what] ?? null;
  if (hours === null || (Number.isFinite(hours) && hours > 0)) return hours;
  throw new PlatformError('INPUT_INVALID', `${what} must be a number > 0`);
}

function atLeastOne(value: number, what: string, max: number): number {
  if (checkCount(value, what, max) === 0) throw new PlatformError('INPUT_INVALID', `${what} must be at least 1`);
  return value;
}

/** Errors of the search room under the codes of the platform. */
function asPlatformError<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (error instanceof SpaceError || error instanceof InfeasibleError)
      throw new PlatformError('SPACE_INVALID', `the search space is not valid: ${error.message}`, {
        problems: error.problems,
      });
    if (!(error instanceof MethodError)) throw error;
    const code = error.code === 'METHOD_UNKNOWN' ? 'METHOD_UNKNOWN' : 'INPUT_INVALID';
    throw new PlatformError(code, error.message, { problems: error.problems, available: error.available });
  }
}
