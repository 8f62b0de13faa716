/**
 * Conditions on trials as SQL over the alias `t`. Every string and number of a user is a bound parameter: the text of a
 * statement depends on the shape of the tree alone. Null stands for false, and only NOT has to mind the difference.
 */
import type { ExperimentId, ProjectId } from '../../domain/ids.js';
import type { TrialState } from '../../domain/trial.js';
import type { FilterField, FilterNode, FilterOperator, FilterStat, FilterValue } from '../../domain/trial-filter.js';
import type { Bound } from './bound.js';
import { columnPlace, conditionOn, METRIC_VALUES, type OnPlace, placeOf, symbolOf } from './trial-values.js';
import { ofOne, type TrialParent, type Whose } from './trial-whose.js';

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

/** Which trials of whatever experiment: those that meet the filter and the tree. */
export interface TrialChoice {
  readonly filter: TrialFilter;
  readonly where: FilterNode | null;
  /** Ends the duration of trials that go on. */
  readonly now: Date;
}

/** Which trials of one experiment. */
export interface TrialSelection extends TrialChoice {
  readonly experimentId: ExperimentId;
  readonly projectId: ProjectId;
}

/**
 * How a condition on params or metrics is met: `probe` looks it up for each trial by its primary key, for few trials;
 * `hash` reads all that meet it into a hash table, for many. Left to itself Postgres guesses, and a wrong guess is quadratic.
 */
export type Meeting = 'probe' | 'hash';

/** How the conditions on a trial are to be written. */
export interface Writing {
  readonly whose: Whose;
  readonly meeting: Meeting;
  /** What holds the trial's id: its own row `t`, or the row of a walk that comes before it. */
  readonly id: 't.id' | 'w.id';
}

/** The WHERE of a selection over `t`, with what its parts share bound once. */
export function whereSelected(bound: Bound, selection: TrialSelection, meeting: Meeting = 'hash'): string {
  const whose = ofOne(bound, parentOf(selection));
  const conditions = conditionsOf(bound, selection, { whose, meeting, id: 't.id' });
  return [whose.experiment('t.experiment_id'), ...conditions].join(' AND ');
}

function parentOf({ experimentId, projectId }: TrialSelection): TrialParent {
  return { id: experimentId, projectId };
}

/** What must hold of a trial, all of it; nothing for a choice that takes every trial. */
export function conditionsOf(bound: Bound, choice: TrialChoice, writing: Writing): readonly string[] {
  const scope: Scope = { bound, now: choice.now, ...writing };
  const nodes = conjuncts(choice);
  const written = (of: Scope, some: readonly FilterNode[]) => some.map((node) => sqlOf(of, node).text);
  if (!needsRow(choice) || writing.id === 't.id' || writing.meeting === 'probe') return written(scope, nodes);
  // Rows are read as they are stored: looked up one by one in the order of a walk, a million of them takes seconds.
  const own = written(
    { ...scope, id: 't.id' },
    nodes.filter((node) => readsColumn(node)),
  );
  const rows = `SELECT t.id FROM trial t WHERE ${[writing.whose.experiment('t.experiment_id'), ...own].join(' AND ')}`;
  const others = nodes.filter((node) => !readsColumn(node));
  return [...written(scope, others), `((w.id = ANY (${rows})) IS TRUE)`];
}

/** Whether the choice takes every trial. */
export function isEveryTrial(choice: TrialChoice): boolean {
  return conjuncts(choice).length === 0;
}

/** Whether it takes a trial's own row to judge it by `probe`, not only its params and metrics. */
export function needsRow(choice: TrialChoice): boolean {
  return conjuncts(choice).some(readsColumn);
}

function readsColumn(node: FilterNode): boolean {
  if ('nodes' in node) return node.nodes.some(readsColumn);
  if (node.is === 'not') return readsColumn(node.node);
  return node.is === 'has' || node.field.of === 'column';
}

/**
 * Conditions that every trial of the choice meets and that an index lists, each as a SELECT of the `trial_id` of those
 * that meet it.
 */
export function listedConditions(bound: Bound, choice: TrialChoice, whose: Whose): readonly string[] {
  const scope: Scope = { bound, now: choice.now, whose, meeting: 'hash', id: 't.id' };
  return conjuncts(choice).flatMap((node) => {
    if (node.is !== 'compare' && node.is !== 'in') return [];
    const { field } = node;
    if (field.of === 'column') {
      const isIndexed = INDEXED_COLUMNS.has(field.column) || (field.column === 'state' && isEquality(node));
      if (!isIndexed) return [];
      return [
        `SELECT t.id AS trial_id FROM trial t WHERE ${whose.experiment('t.experiment_id')} AND ${sqlOf(scope, node).text}`,
      ];
    }
    const isIndexed = field.of === 'param' || INDEXED_STATS.has(field.stat);
    return isIndexed ? [listOf(scope, field, conditionOn(scope.bound, node))] : [];
  });
}

const INDEXED_STATS: ReadonlySet<FilterStat> = new Set(['last', 'min', 'max']);
const INDEXED_COLUMNS: ReadonlySet<string> = new Set(['number', 'value', 'created']);

function isEquality(node: Extract<FilterNode, { readonly is: 'compare' | 'in' }>): boolean {
  return node.is === 'in' || node.operator === '=';
}

/** What must hold, all of it: the tree's, and the conditions of the structured filter. */
function conjuncts({ filter, where }: TrialChoice): readonly FilterNode[] {
  const { states, numbers } = filter;
  const listed: FilterNode[] = [];
  if (states) listed.push({ is: 'in', field: { of: 'column', column: 'state' }, values: states });
  if (numbers) listed.push({ is: 'in', field: { of: 'column', column: 'number' }, values: numbers });
  const tags = (filter.tags ?? []).map((tag): FilterNode => ({ is: 'has', tag }));
  const params = (filter.params ?? []).map(({ name, op, number, text }): FilterNode => {
    const field = { of: 'param', name } as const;
    return { is: 'compare', field, operator: OPERATORS[op], value: number ?? text ?? '' };
  });
  const metrics = (filter.metrics ?? []).map(({ key, stat, op, value }): FilterNode => {
    const field = { of: 'metric', key, stat: STATS[stat] } as const;
    return { is: 'compare', field, operator: OPERATORS[op], value };
  });
  const tree = where === null ? [] : where.is === 'and' ? where.nodes : [where];
  return [...listed, ...tags, ...params, ...metrics, ...tree];
}

/** Where the values of a field are for every trial `t`: a join that drops those without, and what it is as number and text. */
export function readField(
  bound: Bound,
  selection: TrialSelection,
  field: FilterField,
): { readonly join: string; readonly number: string; readonly text: string } {
  const whose = ofOne(bound, parentOf(selection));
  if (field.of === 'param') {
    const join = `JOIN trial_param f ON f.trial_id = t.id AND f.name = ${bound.add(field.name)}::text`;
    return { join, number: 'f.number', text: 'f.text' };
  }
  if (field.of === 'metric') {
    const join = `JOIN metric_summary f ON f.trial_id = t.id AND ${whose.metric('f.key_id', field.key)}`;
    return { join, number: METRIC_VALUES[field.stat], text: 'NULL::text' };
  }
  if (field.column === 'tags')
    return {
      join: 'CROSS JOIN LATERAL jsonb_array_elements_text(t.tags) f(text)',
      number: 'NULL::float8',
      text: 'f.text',
    };
  const { amount, text } = columnPlace(bound, selection.now, field);
  const isTime = field.column === 'created' || field.column === 'started' || field.column === 'ended';
  return {
    join: '',
    number: isTime ? `extract(epoch FROM ${amount})::float8` : `${amount}::float8`,
    text: `${text}::text`,
  };
}

interface Scope extends Writing {
  readonly bound: Bound;
  readonly now: Date;
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
      return met(scope, field, conditionOn(scope.bound, node));
    }
    case 'in': {
      const { field, values } = node;
      if (field.of === 'column' && field.column === 'number')
        return always(`(t.number = ANY (${scope.bound.add(values.filter(isInt4))}::int[]))`);
      return met(scope, field, conditionOn(scope.bound, node));
    }
    case 'like':
      return met(scope, node.field, conditionOn(scope.bound, node));
    case 'null':
      return missing(scope, node.field);
    case 'has':
      return always(`(t.tags @> ${scope.bound.add(JSON.stringify([node.tag]))}::jsonb)`);
  }
}

/** A condition on the value, written over the columns of `t` or over the row `f` that holds it. */
function met(scope: Scope, field: FilterField, condition: OnPlace): Condition {
  if (field.of === 'column') return perhaps(`(${condition(columnPlace(scope.bound, scope.now, field))})`);
  if (scope.meeting === 'hash') return always(`((${scope.id} = ANY (${listOf(scope, field, condition)})) IS TRUE)`);
  // Without the experiment there is one index to look in; the OFFSET keeps Postgres from making a join of it.
  return always(
    `EXISTS (SELECT 1 FROM ${rowOf(scope, field)} AND f.trial_id = ${scope.id} AND ${condition(placeOf(field))} OFFSET 0)`,
  );
}

function listOf(scope: Scope, field: FilterField, condition: OnPlace): string {
  const row = rowOf(scope, field);
  return `SELECT f.trial_id FROM ${row} AND ${scope.whose.experiment('f.experiment_id')} AND ${condition(placeOf(field))}`;
}

function rowOf(scope: Scope, field: FilterField): string {
  if (field.of === 'param') return `trial_param f WHERE f.name = ${scope.bound.add(field.name)}::text`;
  if (field.of === 'metric') return `metric_summary f WHERE ${scope.whose.metric('f.key_id', field.key)}`;
  throw new TypeError('a column has no row of its own');
}

function missing(scope: Scope, field: FilterField): Condition {
  if (field.of === 'param')
    return always(`NOT ${met(scope, field, () => '(f.number IS NOT NULL OR f.text IS NOT NULL)').text}`);
  if (field.of === 'metric') return always(`NOT ${met(scope, field, ({ amount }) => `${amount} IS NOT NULL`).text}`);
  if (field.column === 'tags') return always(`(t.tags = '[]'::jsonb)`);
  const { amount, text } = columnPlace(scope.bound, scope.now, field);
  return always(`(${amount === 'NULL' ? text : amount} IS NULL)`);
}

function isInt4(value: FilterValue): boolean {
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
}
