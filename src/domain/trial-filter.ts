/**
 * The tree of a filter such as `metrics.loss.min < 0.1 AND state = COMPLETED`: typed, and free of syntax.
 *
 * It has two truth values. What is missing (no such param or metric, no name, not ended) answers no comparison, nor does a
 * param of the other kind: the comparison is false, and NOT of it true. NaN answers only `= NaN`.
 */
import type { FailureCause, TrialState } from './trial.js';

export type FilterColumn =
  | 'state'
  | 'number'
  | 'name'
  | 'tags'
  | 'created'
  | 'started'
  | 'ended'
  | 'duration'
  | 'cause'
  | 'proposedBy'
  | 'value';

export type FilterStat = 'last' | 'first' | 'min' | 'max' | 'mean' | 'count';

export type FilterField =
  | { readonly of: 'column'; readonly column: FilterColumn }
  | { readonly of: 'param'; readonly name: string }
  | { readonly of: 'metric'; readonly key: string; readonly stat: FilterStat };

export type FilterOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Any double, a text (for params `true` and `false` too), or a time. */
export type FilterValue = number | string | Date;

export type FilterNode =
  | { readonly is: 'and' | 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly is: 'not'; readonly node: FilterNode }
  | {
      readonly is: 'compare';
      readonly field: FilterField;
      readonly operator: FilterOperator;
      readonly value: FilterValue;
    }
  | { readonly is: 'in'; readonly field: FilterField; readonly values: readonly FilterValue[] }
  /** `%` is any text, `_` one character, a backslash takes the next one as it is. */
  | { readonly is: 'like'; readonly field: FilterField; readonly pattern: string }
  /** Missing; of tags: there are none. */
  | { readonly is: 'null'; readonly field: FilterField }
  | { readonly is: 'has'; readonly tag: string };

export const TRIAL_STATES = [
  'WAITING',
  'RUNNING',
  'COMPLETED',
  'PRUNED',
  'FAILED',
  'STOPPED',
] as const satisfies readonly TrialState[];

export const FAILURE_CAUSES = [
  'USER_CODE',
  'OOM',
  'INFRASTRUCTURE',
  'PREEMPTED',
  'TIMEOUT',
  'HANG',
  'POISON',
] as const satisfies readonly FailureCause[];
