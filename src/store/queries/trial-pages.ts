/**
 * Pages of trials of many experiments in one statement, for lists inside lists (`trial-list.ts` serves one experiment, at any
 * size). Users' strings are bound parameters; the text of a statement is one
 * of a finite set. What is missing, NaN or infinite comes last in both directions, by number.
 */
import type { ExperimentId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { Bound, type ParentCount } from './bound.js';
import { TRIAL_COLUMNS } from './trial.js';
import type { ListedTrial, TrialOrder, TrialOrderBy } from './trial-list.js';
import type { Comparison, MetricCondition, MetricStat, ParamCondition, TrialFilter } from './trial-where.js';

/** Where a row stands in an order: by rank, then number or text, then the trial's number. */
export interface PagePosition {
  /** 0 numbers, 1 texts, 2 what is missing or not finite. */
  readonly rank: number;
  readonly amount: number;
  readonly text: string;
  readonly number: number;
}

const OPERATORS: Readonly<Record<Comparison, string>> = { EQ: '=', NE: '<>', LT: '<', LE: '<=', GT: '>', GE: '>=' };
const STATS: Readonly<Record<MetricStat, string>> = { LAST: 'last', MIN: 'min', MAX: 'max' };

/** One page of each experiment, by experiment in any order; ask for one row more than you show. Trusts the caller's authorisation. */
export async function listTrialPages(
  sql: Sql,
  experimentIds: readonly ExperimentId[],
  filter: TrialFilter,
  order: TrialOrder,
  page: { readonly limit: number; readonly after: PagePosition | null },
): Promise<ListedTrial[]> {
  const bound = new Bound();
  const parents = bound.add(experimentIds);
  const from = filtered(bound, 'parent.id', filter);
  const { join, amount, text } = sortKeys(bound, order);
  const after = page.after === null ? '' : `WHERE ${afterPosition(bound, page.after, order)}`;
  return sql.query<ListedTrial>(
    `/* trial.list */
    SELECT l.* FROM unnest(${parents}::uuid[]) AS parent (id) CROSS JOIN LATERAL (SELECT ${SELECTED} FROM (
      SELECT s.*, CASE WHEN abs(s."rawAmount") < 'Infinity'::float8 THEN 0 WHEN s."rawText" IS NOT NULL THEN 1 ELSE 2 END AS "sortRank",
        CASE WHEN abs(s."rawAmount") < 'Infinity'::float8 THEN s."rawAmount" ELSE 0 END AS "sortAmount",
        coalesce(s."rawText", '') COLLATE "C" AS "sortText"
      FROM (SELECT ${TRIAL_COLUMNS}, ${amount} AS "rawAmount", ${text} AS "rawText" ${from.replace('/*join*/', join)}) s) o
      ${after} ORDER BY ${sorted('o', order)} LIMIT ${bound.add(page.limit)}) l
    ORDER BY ${sorted('l', order)}`,
    bound.values,
  );
}

/** How many trials of each experiment the filter lets through; an experiment without any is left out. */
export async function countTrialPages(
  sql: Sql,
  experimentIds: readonly ExperimentId[],
  filter: TrialFilter,
): Promise<ParentCount<ExperimentId>[]> {
  const bound = new Bound();
  const parents = `ANY (${bound.add(experimentIds)}::uuid[])`;
  return sql.query<ParentCount<ExperimentId>>(
    `/* trial.count */ SELECT t.experiment_id AS id, count(*) AS n ${filtered(bound, parents, filter)} GROUP BY t.experiment_id`,
    bound.values,
  );
}

const SELECTED = TRIAL_COLUMNS.split(',')
  .map((column) => /AS "(\w+)"/.exec(column)?.[1] ?? column.trim().replace(/^t\./, ''))
  .concat('sortRank', 'sortAmount', 'sortText')
  .map((name) => `o."${name}"`)
  .join(', ');

/** `experiment` is text of ours: what `t.experiment_id` equals. */
function filtered(bound: Bound, experiment: string, filter: TrialFilter): string {
  const conditions = [`t.experiment_id = ${experiment}`];
  if (filter.states) conditions.push(`t.state = ANY (${bound.add(filter.states)}::text[])`);
  if (filter.numbers) conditions.push(`t.number = ANY (${bound.add(filter.numbers)}::int[])`);
  if (filter.tags && filter.tags.length > 0)
    conditions.push(`t.tags @> ${bound.add(JSON.stringify(filter.tags))}::jsonb`);
  for (const condition of filter.params ?? []) conditions.push(paramCondition(bound, condition));
  for (const condition of filter.metrics ?? []) conditions.push(metricCondition(bound, condition));
  return `FROM trial t /*join*/ WHERE ${conditions.join(' AND ')}`;
}

function paramCondition(bound: Bound, { name, op, number, text }: ParamCondition): string {
  const isNumber = number !== null && number !== undefined;
  const value = isNumber
    ? `f.number ${OPERATORS[op]} ${bound.add(number)}::float8`
    : `f.text COLLATE "C" ${OPERATORS[op]} ${bound.add(text)}::text`;
  return `EXISTS (SELECT 1 FROM trial_param f WHERE f.trial_id = t.id AND f.name = ${bound.add(name)} AND ${value})`;
}

/** Postgres ranks NaN above everything: here it meets no condition. */
function metricCondition(bound: Bound, { key, stat, op, value }: MetricCondition): string {
  return `EXISTS (SELECT 1 FROM metric_summary f JOIN metric_key k ON k.id = f.key_id
      WHERE f.trial_id = t.id AND k.name = ${bound.add(key)} AND f.${STATS[stat]} <> 'NaN'::float8
        AND f.${STATS[stat]} ${OPERATORS[op]} ${bound.add(value)}::float8)`;
}

interface SortKeys {
  readonly join: string;
  /** A float8 expression. */
  readonly amount: string;
  /** A text expression, for what has no number. */
  readonly text: string;
}

const BY_COLUMN: Readonly<
  Record<Exclude<TrialOrderBy, 'STATE' | 'PARAM' | 'METRIC_LAST' | 'METRIC_MIN' | 'METRIC_MAX'>, string>
> = {
  NUMBER: 't.number::float8',
  CREATED_AT: 'extract(epoch FROM t.created_at)::float8',
  // A running trial's duration changes while one turns the pages: only ended ones have one here.
  DURATION: 'extract(epoch FROM t.ended_at - t.started_at)::float8',
  VALUE: 't.value',
};

function sortKeys(bound: Bound, order: TrialOrder): SortKeys {
  switch (order.by) {
    case 'STATE':
      return { join: '', amount: 'NULL::float8', text: 't.state' };
    case 'PARAM':
      return {
        join: `LEFT JOIN trial_param sp ON sp.trial_id = t.id AND sp.name = ${bound.add(order.key)}`,
        amount: 'sp.number',
        text: 'sp.text',
      };
    case 'METRIC_LAST':
    case 'METRIC_MIN':
    case 'METRIC_MAX': {
      const key = bound.add(order.key);
      const stat = order.by === 'METRIC_LAST' ? 'last' : order.by === 'METRIC_MIN' ? 'min' : 'max';
      const join = `LEFT JOIN metric_key sk ON sk.project_id = t.project_id AND sk.name = ${key}
        LEFT JOIN metric_summary sm ON sm.trial_id = t.id AND sm.key_id = sk.id`;
      return { join, amount: `sm.${stat}`, text: 'NULL::text' };
    }
    default:
      return { join: '', amount: BY_COLUMN[order.by], text: 'NULL::text' };
  }
}

function sorted(alias: 'o' | 'l', { by, direction }: TrialOrder): string {
  const way = direction === 'DESC' ? 'DESC' : 'ASC';
  // Numbers are their own sort key: the index of an experiment's trials is read for one page only.
  if (by === 'NUMBER') return `${alias}.number ${way}`;
  return `${alias}."sortRank", ${alias}."sortAmount" ${way}, ${alias}."sortText" ${way}, ${alias}.number`;
}

function afterPosition(bound: Bound, after: PagePosition, order: TrialOrder): string {
  const beyond = order.direction === 'DESC' ? '<' : '>';
  if (order.by === 'NUMBER') return `o.number ${beyond} ${bound.add(after.number)}::int`;
  const rank = `${bound.add(after.rank)}::int`;
  const amount = `${bound.add(after.amount)}::float8`;
  const text = `${bound.add(after.text)}::text`;
  const number = `${bound.add(after.number)}::int`;
  return `(o."sortRank" > ${rank} OR (o."sortRank" = ${rank} AND (o."sortAmount" ${beyond} ${amount} OR (o."sortAmount" = ${amount}
      AND (o."sortText" ${beyond} ${text} OR (o."sortText" = ${text} AND o.number > ${number}))))))`;
}
