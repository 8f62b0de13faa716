/** Which trials of an experiment a read is about: a structured filter, a filter in words, or both. */
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { findExperiments } from '../../store/queries/experiment.js';
import type { ParamCondition, TrialChoice, TrialFilter, TrialSelection } from '../../store/queries/trial-where.js';
import { scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { parseTrialFilter } from '../trial-filter/parse-trial-filter.js';

/** Which trials of an experiment. */
export interface ChoiceInput {
  /** Absent: all. */
  readonly filter?: TrialFilter | null;
  /** In the language of filters; absent: all. */
  readonly where?: string | null;
}

export interface SelectionInput extends ChoiceInput {
  readonly experimentId: string;
}

const MOST_CONDITIONS = 50;
const MOST_VALUES = 10_000;

/** @throws NOT_FOUND, FILTER_INVALID, INPUT_INVALID for a condition that makes no sense, LIMIT_EXCEEDED. */
export async function selectTrials(deps: Deps, principal: Principal, input: SelectionInput): Promise<TrialSelection> {
  const experimentId = checkId<ExperimentId>(input.experimentId, 'experiment');
  const [experiment] = await findExperiments(deps.database.read, scopeOf(principal), [experimentId]);
  if (experiment === undefined) throw new PlatformError('NOT_FOUND', `there is no experiment ${experimentId}`);
  return { experimentId, projectId: experiment.projectId, ...chooseTrials(deps, input) };
}

/** @throws FILTER_INVALID, INPUT_INVALID for a condition that makes no sense, LIMIT_EXCEEDED. */
export function chooseTrials(deps: Deps, input: ChoiceInput): TrialChoice {
  return {
    filter: checkFilter(input.filter ?? {}),
    where: parseTrialFilter(input.where ?? ''),
    now: deps.clock.now(),
  };
}

function checkFilter(filter: TrialFilter): TrialFilter {
  const conditions = [...(filter.params ?? []), ...(filter.metrics ?? []), ...(filter.tags ?? [])];
  if (conditions.length > MOST_CONDITIONS)
    throw new PlatformError('LIMIT_EXCEEDED', `a filter may have at most ${MOST_CONDITIONS} conditions`);
  if ((filter.numbers ?? []).length > MOST_VALUES)
    throw new PlatformError('LIMIT_EXCEEDED', `a filter may name at most ${MOST_VALUES} numbers`);
  for (const number of filter.numbers ?? []) {
    if (!Number.isInteger(number) || Math.abs(number) >= 2 ** 31)
      throw new PlatformError('INPUT_INVALID', `${number} is no trial number`);
  }
  for (const condition of filter.params ?? []) checkParamCondition(condition);
  for (const { key, value } of filter.metrics ?? []) {
    if (Number.isNaN(value))
      throw new PlatformError('INPUT_INVALID', `the condition on metric ${key} compares with NaN, which nothing meets`);
  }
  return filter;
}

function checkParamCondition({ name, number, text }: ParamCondition): void {
  const given = [number, text].filter((value) => value !== null && value !== undefined);
  if (given.length !== 1)
    throw new PlatformError('INPUT_INVALID', `the condition on param ${name} needs number or text, one of the two`);
}
