/** Values of trials as SQL: where each is found, and how it is compared. Users' values are bound parameters. */
import type { FilterField, FilterNode, FilterOperator, FilterStat, FilterValue } from '../../domain/trial-filter.js';
import type { Bound } from './bound.js';

/** Where a field's value is found: expressions for what it is as a number or time, and as a text. */
export interface Place {
  readonly amount: string;
  readonly text: string;
}

export type OnPlace = (place: Place) => string;

/** In a row `f` of `trial_param` or `metric_summary`. */
export function placeOf(field: FilterField): Place {
  return { amount: field.of === 'metric' ? METRIC_VALUES[field.stat] : 'f.number', text: 'f.text' };
}

export const METRIC_VALUES: Readonly<Record<FilterStat, string>> = {
  last: 'f.last',
  first: 'f.first',
  min: 'f.min',
  max: 'f.max',
  count: 'f.n',
  // As summaries are read; Postgres refuses quotients that are too small for a float8.
  mean: `CASE WHEN f.n > f.n_nonfinite AND abs(f.sum) < 'Infinity'::float8
    THEN CASE WHEN abs(f.sum) < 1e-290 THEN 0 ELSE f.sum / (f.n - f.n_nonfinite) END END`,
};

/** In a row `t` of `trial`; a duration of a trial that goes on ends `now`. */
export function columnPlace(bound: Bound, now: Date, field: FilterField): Place {
  if (field.of !== 'column') throw new TypeError('not a column');
  switch (field.column) {
    case 'number':
      return { amount: 't.number::float8', text: 'NULL' };
    case 'value':
      return { amount: 't.value', text: 'NULL' };
    case 'duration':
      return { amount: durationUntil(bound.add(now)), text: 'NULL' };
    case 'created':
      return { amount: 't.created_at', text: 'NULL' };
    case 'started':
      return { amount: 't.started_at', text: 'NULL' };
    case 'ended':
      return { amount: 't.ended_at', text: 'NULL' };
    case 'state':
      return { amount: 'NULL', text: 't.state' };
    case 'cause':
      return { amount: 'NULL', text: 't.cause' };
    case 'proposedBy':
      return { amount: 'NULL', text: 't.proposed_by' };
    case 'name':
      return { amount: 'NULL', text: 't.name' };
    case 'tags':
      return { amount: 'NULL', text: 'NULL' };
  }
}

/** Seconds; of a trial that goes on until `now`. */
function durationUntil(now: string): string {
  return `extract(epoch FROM coalesce(t.ended_at, ${now}::timestamptz) - t.started_at)::float8`;
}

/** The condition of a node, for whatever place its value has. */
export function conditionOn(
  bound: Bound,
  node: Extract<FilterNode, { readonly is: 'compare' | 'in' | 'like' }>,
): OnPlace {
  if (node.is === 'in') return membership(bound, node.values);
  if (node.is === 'like') return ({ text }) => `${text} COLLATE "C" LIKE ${bound.add(node.pattern)}::text`;
  const { field, operator, value } = node;
  return ({ amount, text }) => {
    if (value instanceof Date) return `${amount} ${symbolOf(operator)} ${bound.add(value.toISOString())}::timestamptz`;
    if (typeof value === 'number') return compareNumbers(amount, operator, `${bound.add(value)}::float8`);
    return compareTexts(field, text, operator, bound.add(value));
  };
}

/** Postgres ranks NaN above all: it is kept out where it would pass for large or for different. */
function compareNumbers(amount: string, operator: FilterOperator, value: string): string {
  const compared = `${amount} ${symbolOf(operator)} ${value}`;
  return operator === '=' || operator === '<' || operator === '<='
    ? compared
    : `${compared} AND ${amount} <= 'Infinity'::float8`;
}

/** By code point, in every database alike. Long texts are indexed by their beginning. */
function compareTexts(field: FilterField, text: string, operator: FilterOperator, value: string): string {
  if (operator !== '=') return `${text} COLLATE "C" ${symbolOf(operator)} ${value}::text`;
  const whole = `${text} = ${value}::text`;
  return field.of === 'param' ? `${paramTextKey(text)} = ${paramTextKey(`${value}::text`)} AND ${whole}` : whole;
}

/** What the index on texts of params holds of a text: a B-tree takes no long ones. */
export function paramTextKey(text: string): string {
  return `left(${text}, 200) COLLATE "C"`;
}

function membership(bound: Bound, values: readonly FilterValue[]): OnPlace {
  const numbers = values.filter((value) => typeof value === 'number');
  const texts = values.filter((value) => typeof value === 'string');
  return ({ amount, text }) => {
    const parts = [
      ...(numbers.length > 0 ? [`${amount} = ANY (${bound.add(numbers)}::float8[])`] : []),
      ...(texts.length > 0 ? [`${text} = ANY (${bound.add(texts)}::text[])`] : []),
    ];
    return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`;
  };
}

export function symbolOf(operator: FilterOperator): string {
  return operator === '!=' ? '<>' : operator;
}
