/**
 * Lists of trials: any filter, any order, keyset pages. An order is walked in legs, each along an index: finite numbers, then
 * texts, both with ties by id, then by number what is missing, NaN or infinite. A page reads what it shows, not the experiment.
 */
import type { TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { TRIAL_COLUMNS } from './trial.js';
import { Bound, metricKey, paramTextKey, type TrialSelection, whereSelected } from './trial-where.js';

export type TrialOrderBy =
  | 'NUMBER'
  | 'STATE'
  | 'CREATED_AT'
  | 'DURATION'
  | 'VALUE'
  | 'PARAM'
  | 'METRIC_LAST'
  | 'METRIC_MIN'
  | 'METRIC_MAX';

export interface TrialOrder {
  readonly by: TrialOrderBy;
  /** Name of the param or metric. */
  readonly key: string | null;
  readonly direction: 'ASC' | 'DESC';
}

/** Where a row stands in an order. */
export interface TrialPosition {
  /** The leg: 0 numbers, 1 texts, 2 what is missing or not finite. */
  readonly rank: 0 | 1 | 2;
  /** On leg 0. Times are seconds since the epoch, below 1e11 in any case. */
  readonly amount: number;
  /** On leg 1. */
  readonly text: string;
  /** On leg 2, and in the order by number. */
  readonly number: number;
  /** On legs 0 and 1. */
  readonly id: TrialId;
}

export interface ListedTrial extends Trial {
  readonly sortRank: 0 | 1 | 2;
  readonly sortAmount: number;
  readonly sortText: string;
}

/** One page; ask for one row more than you show. */
export async function listTrialRows(
  sql: Sql,
  selection: TrialSelection,
  order: TrialOrder,
  page: { readonly limit: number; readonly after: TrialPosition | null },
): Promise<ListedTrial[]> {
  const rows: ListedTrial[] = [];
  for (const leg of LEGS[order.by]) {
    if (rows.length >= page.limit) break;
    if (page.after !== null && leg.rank < page.after.rank) continue;
    const after = page.after?.rank === leg.rank ? page.after : null;
    const { text, values } = legStatement(leg, selection, order, { limit: page.limit - rows.length, after });
    rows.push(...(await sql.query<ListedTrial>(text, values)));
  }
  return rows;
}

/** How many trials the selection has. */
export async function countTrialRows(sql: Sql, selection: TrialSelection): Promise<number> {
  const bound = new Bound();
  const rows = await sql.query<{ n: number }>(
    `/* trial.count */ SELECT count(*) AS n FROM trial t WHERE ${whereSelected(bound, selection)}`,
    bound.values,
  );
  return rows[0]?.n ?? 0;
}

/** A part of an order whose rows an index holds in a row. */
interface Leg {
  readonly rank: 0 | 1 | 2;
  /** Tables beside `trial t`, with the condition that makes the leg. */
  join?(bound: Bound, selection: TrialSelection, order: TrialOrder): { readonly tables: string; readonly on: string };
  /** What is sorted by, as its index has it; none: by number, smallest first. */
  readonly key?: string;
  /** The key as float8 or text for the cursor, `key` itself unless told. */
  readonly shown?: string;
  /** The key that a cursor's bound amount or text stands for. */
  read?(parameter: string): string;
  /** The id by which ties are sorted, as the key's index has it. */
  readonly tie?: string;
}

type Join = NonNullable<Leg['join']>;

const finite = (value: string) => `${value} > '-Infinity'::float8 AND ${value} < 'Infinity'::float8`;
const alone =
  (on: string): Join =>
  () => ({ tables: '', on });

function metricLegs(stat: 'last' | 'min' | 'max'): readonly Leg[] {
  const rows = (bound: Bound, { experimentId, projectId }: TrialSelection, { key }: TrialOrder) =>
    `s.experiment_id = ${bound.add(experimentId)}::uuid AND s.key_id = ${metricKey(`${bound.add(projectId)}::uuid`, bound.add(key))}
      AND ${finite(`s.${stat}`)}`;
  return [
    {
      rank: 0,
      join: (...all) => ({ tables: 'JOIN metric_summary s ON s.trial_id = t.id', on: rows(...all) }),
      key: `s.${stat}`,
      tie: 's.trial_id',
    },
    {
      rank: 2,
      join: (...all) => ({
        tables: '',
        on: `NOT EXISTS (SELECT 1 FROM metric_summary s WHERE s.trial_id = t.id AND ${rows(...all)})`,
      }),
    },
  ];
}

const ofParam = (bound: Bound, { experimentId }: TrialSelection, { key }: TrialOrder) =>
  `s.experiment_id = ${bound.add(experimentId)}::uuid AND s.name = ${bound.add(key)}::text`;
const PARAM_JOIN = 'JOIN trial_param s ON s.trial_id = t.id';
const PARAM_NUMBER = finite('s.number');

const LEGS: Readonly<Record<TrialOrderBy, readonly Leg[]>> = {
  NUMBER: [{ rank: 0, key: 't.number', shown: 't.number::float8', read: (value) => `${value}::int` }],
  STATE: [{ rank: 1, key: 't.state', tie: 't.id' }],
  CREATED_AT: [
    {
      rank: 0,
      key: 't.created_at',
      shown: 'extract(epoch FROM t.created_at)::float8',
      read: (value) => `to_timestamp(${value}::float8)`,
      tie: 't.id',
    },
  ],
  // A running trial's duration changes while one turns the pages: only ended ones have one here.
  DURATION: [
    {
      rank: 0,
      join: alone('t.ended_at - t.started_at IS NOT NULL'),
      key: '(t.ended_at - t.started_at)',
      shown: 'extract(epoch FROM t.ended_at - t.started_at)::float8',
      read: (value) => `make_interval(secs => ${value}::float8)`,
      tie: 't.id',
    },
    { rank: 2, join: alone('t.ended_at - t.started_at IS NULL') },
  ],
  VALUE: [
    { rank: 0, join: alone(finite('t.value')), key: 't.value', tie: 't.id' },
    { rank: 2, join: alone(`(t.value IS NULL OR NOT (${finite('t.value')}))`) },
  ],
  PARAM: [
    {
      rank: 0,
      join: (...all) => ({ tables: PARAM_JOIN, on: `${ofParam(...all)} AND ${PARAM_NUMBER}` }),
      key: 's.number',
      tie: 's.trial_id',
    },
    {
      rank: 1,
      join: (...all) => ({ tables: PARAM_JOIN, on: `${ofParam(...all)} AND s.text IS NOT NULL` }),
      key: paramTextKey('s.text'),
      tie: 's.trial_id',
    },
    {
      rank: 2,
      join: (...all) => ({
        tables: '',
        on: `NOT EXISTS (SELECT 1 FROM trial_param s WHERE s.trial_id = t.id AND ${ofParam(...all)}
      AND (s.text IS NOT NULL OR ${PARAM_NUMBER}))`,
      }),
    },
  ],
  METRIC_LAST: metricLegs('last'),
  METRIC_MIN: metricLegs('min'),
  METRIC_MAX: metricLegs('max'),
};

function legStatement(
  leg: Leg,
  selection: TrialSelection,
  order: TrialOrder,
  page: { readonly limit: number; readonly after: TrialPosition | null },
): { readonly text: string; readonly values: readonly unknown[] } {
  const bound = new Bound();
  const { tables, on } = leg.join?.(bound, selection, order) ?? { tables: '', on: 'true' };
  const { key = 't.number', tie } = leg;
  const isDescending = order.direction === 'DESC' && leg.rank !== 2;
  const keys = tie === undefined ? [key] : [key, tie];
  const after = page.after === null ? '' : `AND ${afterKey(bound, leg, keys, page.after, isDescending)}`;
  const amount = leg.rank === 0 ? (leg.shown ?? key) : '0::float8';
  const text = leg.rank === 1 ? (leg.shown ?? key) : `''`;
  return {
    text: `/* trial.list */
    SELECT ${TRIAL_COLUMNS}, ${leg.rank} AS "sortRank", ${amount} AS "sortAmount", ${text} AS "sortText"
    FROM trial t ${tables} WHERE ${whereSelected(bound, selection)} AND ${on} ${after}
    ORDER BY ${keys.map((one) => `${one} ${isDescending ? 'DESC' : 'ASC'}`).join(', ')} LIMIT ${bound.add(page.limit)}`,
    values: bound.values,
  };
}

function afterKey(
  bound: Bound,
  leg: Leg,
  keys: readonly string[],
  after: TrialPosition,
  isDescending: boolean,
): string {
  const last = [leg.rank === 2 || leg.key === 't.number' ? after.number : leg.rank === 1 ? after.text : after.amount];
  const typed = leg.rank === 2 ? 'int' : leg.rank === 1 ? 'text' : 'float8';
  const value = bound.add(last[0]);
  const read = leg.read?.(value) ?? `${value}::${typed}`;
  const bounds = leg.tie === undefined ? [read] : [read, `${bound.add(after.id)}::uuid`];
  return `(${keys.join(', ')}) ${isDescending ? '<' : '>'} (${bounds.join(', ')})`;
}
