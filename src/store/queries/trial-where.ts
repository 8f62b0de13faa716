/**
 * Conditions on trials as SQL over the alias `t`. Every string and number of a user is a bound parameter: the text of a
 * statement depends on the shape of the tree alone. Null stands for false, and only NOT has to mind the difference.
 */
import type { ExperimentId, ProjectId } from '../../domain/ids.js';
import type { TrialState } from '../../domain/trial.js';
import type { FilterField, FilterNode, FilterOperator, FilterStat, FilterValue } from '../../domain/trial-filter.js';
import type { Bound } from './bound.js';

export type Comparison = 'EQ' | 'NE' | 'LT' | 'LE' | 'GT' | 'GE';
export type MetricStat = 'LAST' | 'MIN' | 'MAX';

export interface ParamCondition {
  readonly name: string;
  readonly op: Comparison;
  /** Exactly one of the two. Booleans are the texts `true` and `false`. */
  readonly number?: number | null;
  readonly text?: string | null;
}

export interface MetricCondition {
  readonly key: string;
  readonly stat: MetricStat;
  readonly op: Comparison;
  readonly value: number;
}

/** All that is given must hold. */
export interface TrialFilter {
  readonly states?: readonly TrialState[] | null;
  readonly numbers?: readonly number[] | null;
  /** The trial has all of them. */
  readonly tags?: readonly string[] | null;
  /** A trial without the param, or with one of the other kind, meets no condition on it. */
  readonly params?: readonly ParamCondition[] | null;
  readonly metrics?: readonly MetricCondition[] | null;
}

/** Which trials: those of one experiment that meet the filter and the tree. */
export interface TrialSelection {
  readonly experimentId: ExperimentId;
  readonly projectId: ProjectId;
  readonly filter: TrialFilter;
  readonly where: FilterNode | null;
  /** Ends the duration of trials that go on. */
  readonly now: Date;
}

/**
 * How a condition on params or metrics is met: `probe` looks it up for each trial by its primary key, for few trials;
 * `hash` reads all that meet it into a hash table, for many. Left to itself Postgres guesses, and a wrong guess is quadratic.
 */
export type Meeting = 'probe' | 'hash';

/** The WHERE of a selection, with what its parts share bound once. */
export function whereSelected(bound: Bound, selection: TrialSelection, meeting: Meeting = 'hash'): string {
  const scope = scopeOf(bound, selection, meeting);
  const { filter } = selection;
  const conditions = [`t.experiment_id = ${scope.experiment()}`];
  if (filter.states) conditions.push(`t.state = ANY (${bound.add(filter.states)}::text[])`);
  if (filter.numbers) conditions.push(`t.number = ANY (${bound.add(filter.numbers)}::int[])`);
  if (filter.tags && filter.tags.length > 0)
    conditions.push(`t.tags @> ${bound.add(JSON.stringify(filter.tags))}::jsonb`);
  return [...conditions, ...conjuncts(selection).map((node) => sqlOf(scope, node).text)].join(' AND ');
}

/**
 * Conditions that every trial of the selection meets and that an index lists, each as a SELECT of the ids of the trials
 * that meet it.
 */
export function listedConditions(bound: Bound, selection: TrialSelection): readonly string[] {
  const scope = scopeOf(bound, selection, 'hash');
  return conjuncts(selection).flatMap((node) => {
    if (node.is !== 'compare' && node.is !== 'in') return [];
    const isIndexed = node.field.of === 'param' || (node.field.of === 'metric' && INDEXED.has(node.field.stat));
    return isIndexed ? [listOf(scope, node.field, conditionOn(scope, node))] : [];
  });
}

const INDEXED: ReadonlySet<FilterStat> = new Set(['last', 'min', 'max']);

/** What must hold, all of it: the tree's, and the params and metrics of the structured filter. */
function conjuncts({ filter, where }: TrialSelection): readonly FilterNode[] {
  const params = (filter.params ?? []).map(({ name, op, number, text }): FilterNode => {
    const field = { of: 'param', name } as const;
    return { is: 'compare', field, operator: OPERATORS[op], value: number ?? text ?? '' };
  });
  const metrics = (filter.metrics ?? []).map(({ key, stat, op, value }): FilterNode => {
    const field = { of: 'metric', key, stat: STATS[stat] } as const;
    return { is: 'compare', field, operator: OPERATORS[op], value };
  });
  return [...params, ...metrics, ...(where === null ? [] : where.is === 'and' ? where.nodes : [where])];
}

/** Where the values of a field are for every trial `t`: a join that drops those without, and what it is as number and text. */
export function readField(
  bound: Bound,
  selection: TrialSelection,
  field: FilterField,
): { readonly join: string; readonly number: string; readonly text: string } {
  const scope = scopeOf(bound, selection, 'hash');
  if (field.of === 'param') {
    const join = `JOIN trial_param f ON f.trial_id = t.id AND f.name = ${bound.add(field.name)}::text`;
    return { join, number: 'f.number', text: 'f.text' };
  }
  if (field.of === 'metric') {
    const join = `JOIN metric_summary f ON f.trial_id = t.id AND f.key_id = ${scope.keyOf(field.key)}`;
    return { join, number: METRIC_VALUES[field.stat], text: 'NULL::text' };
  }
  if (field.column === 'tags')
    return {
      join: 'CROSS JOIN LATERAL jsonb_array_elements_text(t.tags) f(text)',
      number: 'NULL::float8',
      text: 'f.text',
    };
  const { amount, text } = columnPlace(scope, field);
  const isTime = field.column === 'created' || field.column === 'started' || field.column === 'ended';
  return {
    join: '',
    number: isTime ? `extract(epoch FROM ${amount})::float8` : `${amount}::float8`,
    text: `${text}::text`,
  };
}

interface Scope {
  readonly bound: Bound;
  experiment(): string;
  readonly now: Date;
  readonly meeting: Meeting;
  keyOf(name: string): string;
}

/** What several conditions share is bound when the first of them asks. */
function scopeOf(bound: Bound, { experimentId, projectId, now }: TrialSelection, meeting: Meeting): Scope {
  const once = (value: string) => {
    let text: string | null = null;
    return () => (text ??= `${bound.add(value)}::uuid`);
  };
  const [experiment, project] = [once(experimentId), once(projectId)];
  return { bound, experiment, now, meeting, keyOf: (name) => metricKey(project(), bound.add(name)) };
}

/** The id of a metric's name, looked up once per statement; null when there is none. */
export function metricKey(project: string, name: string): string {
  return `(SELECT k.id FROM metric_key k WHERE k.project_id = ${project} AND k.name = ${name}::text)`;
}

const OPERATORS: Readonly<Record<Comparison, FilterOperator>> = {
  EQ: '=',
  NE: '!=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
};
const STATS = { LAST: 'last', MIN: 'min', MAX: 'max' } as const;

interface Condition {
  readonly text: string;
  /** Whether it can be null, which stands for false. */
  readonly isNullable: boolean;
}

const always = (text: string): Condition => ({ text, isNullable: false });
const perhaps = (text: string): Condition => ({ text, isNullable: true });

function sqlOf(scope: Scope, node: FilterNode): Condition {
  switch (node.is) {
    case 'and':
    case 'or': {
      const parts = node.nodes.map((one) => sqlOf(scope, one));
      const text = parts.map((part) => part.text).join(node.is === 'and' ? ' AND ' : ' OR ');
      return { text: `(${text})`, isNullable: parts.some((part) => part.isNullable) };
    }
    case 'not': {
      const { text, isNullable } = sqlOf(scope, node.node);
      return always(isNullable ? `NOT coalesce(${text}, false)` : `NOT ${text}`);
    }
    case 'compare': {
      const { field, operator, value } = node;
      // With a type of its own the comparison can use the index on the number.
      if (field.of === 'column' && field.column === 'number' && isInt4(value))
        return always(`(t.number ${symbolOf(operator)} ${scope.bound.add(value)}::int)`);
      return met(scope, field, conditionOn(scope, node));
    }
    case 'in': {
      const { field, values } = node;
      if (field.of === 'column' && field.column === 'number')
        return always(`(t.number = ANY (${scope.bound.add(values.filter(isInt4))}::int[]))`);
      return met(scope, field, conditionOn(scope, node));
    }
    case 'like':
      return met(scope, node.field, conditionOn(scope, node));
    case 'null':
      return missing(scope, node.field);
    case 'has':
      return always(`(t.tags @> ${scope.bound.add(JSON.stringify([node.tag]))}::jsonb)`);
  }
}

/** Where a field's value is found: expressions for what it is as a number or time, and as a text. */
interface Place {
  readonly amount: string;
  readonly text: string;
}

type OnPlace = (place: Place) => string;

/** A condition on the value, written over the columns of `t` or over the row `f` that holds it. */
function met(scope: Scope, field: FilterField, condition: OnPlace): Condition {
  if (field.of === 'column') return perhaps(`(${condition(columnPlace(scope, field))})`);
  if (scope.meeting === 'hash') return always(`((t.id = ANY (${listOf(scope, field, condition)})) IS TRUE)`);
  // Without the experiment there is one index to look in; the OFFSET keeps Postgres from making a join of it.
  return always(
    `EXISTS (SELECT 1 FROM ${rowOf(scope, field)} AND f.trial_id = t.id AND ${condition(placeOf(field))} OFFSET 0)`,
  );
}

function listOf(scope: Scope, field: FilterField, condition: OnPlace): string {
  const row = rowOf(scope, field);
  return `SELECT f.trial_id FROM ${row} AND f.experiment_id = ${scope.experiment()} AND ${condition(placeOf(field))}`;
}

function rowOf(scope: Scope, field: FilterField): string {
  if (field.of === 'param') return `trial_param f WHERE f.name = ${scope.bound.add(field.name)}::text`;
  if (field.of === 'metric') return `metric_summary f WHERE f.key_id = ${scope.keyOf(field.key)}`;
  throw new TypeError('a column has no row of its own');
}

function placeOf(field: FilterField): Place {
  return { amount: field.of === 'metric' ? METRIC_VALUES[field.stat] : 'f.number', text: 'f.text' };
}

const METRIC_VALUES: Readonly<Record<FilterStat, string>> = {
  last: 'f.last',
  first: 'f.first',
  min: 'f.min',
  max: 'f.max',
  count: 'f.n',
  // As summaries are read; Postgres refuses quotients that are too small for a float8.
  mean: `CASE WHEN f.n > f.n_nonfinite AND abs(f.sum) < 'Infinity'::float8
    THEN CASE WHEN abs(f.sum) < 1e-290 THEN 0 ELSE f.sum / (f.n - f.n_nonfinite) END END`,
};

function columnPlace(scope: Scope, field: FilterField): Place {
  if (field.of !== 'column') throw new TypeError('not a column');
  switch (field.column) {
    case 'number':
      return { amount: 't.number::float8', text: 'NULL' };
    case 'value':
      return { amount: 't.value', text: 'NULL' };
    case 'duration':
      return { amount: durationUntil(scope.bound.add(scope.now)), text: 'NULL' };
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
export function durationUntil(now: string): string {
  return `extract(epoch FROM coalesce(t.ended_at, ${now}::timestamptz) - t.started_at)::float8`;
}

function conditionOn({ bound }: Scope, node: Extract<FilterNode, { readonly is: 'compare' | 'in' | 'like' }>): OnPlace {
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
    return `(${parts.join(' OR ')})`;
  };
}

function missing(scope: Scope, field: FilterField): Condition {
  if (field.of === 'param')
    return always(`NOT ${met(scope, field, () => '(f.number IS NOT NULL OR f.text IS NOT NULL)').text}`);
  if (field.of === 'metric') return always(`NOT ${met(scope, field, ({ amount }) => `${amount} IS NOT NULL`).text}`);
  if (field.column === 'tags') return always(`(t.tags = '[]'::jsonb)`);
  const { amount, text } = columnPlace(scope, field);
  return always(`(${amount === 'NULL' ? text : amount} IS NULL)`);
}

function symbolOf(operator: FilterOperator): string {
  return operator === '!=' ? '<>' : operator;
}

function isInt4(value: FilterValue): boolean {
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
}
