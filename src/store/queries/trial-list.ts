/**
 * Lists of trials: any filter, any order, keyset pages. An order is walked in legs, each along an index: finite numbers, then
 * texts, both with ties by id, then by number what is missing, NaN or infinite. A page reads what it shows, not the experiment.
 *
 * Postgres cannot know how many trials a filter on params and metrics finds, and a wrong guess reads them all. So it is
 * found out: a short walk fills the page when the filter finds many, a longer one where the first promised it; else the
 * matches are collected when they are few, and sorted; else the walk goes on to the end.
 */
import type { TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { Bound } from './bound.js';
import { TRIAL_COLUMNS } from './trial.js';
import {
  listedConditions,
  type Meeting,
  metricKey,
  paramTextKey,
  type TrialSelection,
  whereSelected,
} from './trial-where.js';

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

/** Trials that the walks look at: the longer one when the short one found some. */
const SHORT_WALK = 500;
const LONG_WALK = 10_000;
const PROMISING = 4;
/** Matches that are collected and sorted. */
const FEW = 2_000;

/** One page; ask for one row more than you show. */
export async function listTrialRows(
  sql: Sql,
  selection: TrialSelection,
  order: TrialOrder,
  page: { readonly limit: number; readonly after: TrialPosition | null },
): Promise<ListedTrial[]> {
  const rows: ListedTrial[] = [];
  let few: readonly TrialId[] | null | undefined;
  for (const leg of LEGS[order.by]) {
    if (page.after !== null && leg.rank < page.after.rank) continue;
    const limit = page.limit - rows.length;
    const after = page.after?.rank === leg.rank ? page.after : null;
    const read = (among: Among) => {
      const { text, values } = legStatement(leg, selection, order, { limit, after }, among);
      return sql.query<ListedTrial>(text, values);
    };
    let found = few === undefined && !isAll(selection) ? await read({ most: SHORT_WALK }) : [];
    if (found.length >= PROMISING && found.length < limit) found = await read({ most: LONG_WALK });
    if (found.length < limit) {
      if (few === undefined) few = isAll(selection) ? null : await collectFew(sql, selection);
      found = await read(few === null ? 'all' : { ids: few });
    }
    rows.push(...found);
    if (rows.length >= page.limit) break;
  }
  return rows;
}

function isAll({ filter, where }: TrialSelection): boolean {
  return where === null && Object.values(filter).every((condition) => condition === null || condition === undefined);
}

/** All trials of the selection in any order, found by its rarest condition; null when they may be many. */
async function collectFew(sql: Sql, selection: TrialSelection): Promise<readonly TrialId[] | null> {
  const counting = new Bound();
  const lists = listedConditions(counting, selection);
  if (lists.length === 0) return null;
  const few = counting.add(FEW + 1);
  const counts = lists.map((list, i) => `(SELECT count(*)::int FROM (${list} LIMIT ${few}) l) AS n${i}`);
  const [row = {}] = await sql.query<Record<string, number>>(
    `/* trial.rarity */ SELECT ${counts.join(', ')}`,
    counting.values,
  );
  const sizes = lists.map((_, i) => row[`n${i}`] ?? 0);
  const rarest = sizes.indexOf(Math.min(...sizes));
  if ((sizes[rarest] ?? 0) > FEW) return null;
  const bound = new Bound();
  // Bound again from the start: all lists, of which one is used; the others stand idle in a WITH.
  const list = listedConditions(bound, selection).map((text, i) => `l${i} AS (${text})`);
  const rows = await sql.query<{ id: TrialId }>(
    `/* trial.collect */ WITH ${list.join(', ')}
    SELECT t.id FROM (SELECT trial_id FROM l${rarest} LIMIT ${bound.add(FEW + 1)}) l
    CROSS JOIN LATERAL (SELECT * FROM trial t WHERE t.id = l.trial_id OFFSET 0) t WHERE ${whereSelected(bound, selection, 'probe')}`,
    bound.values,
  );
  return rows.map(({ id }) => id);
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
  /** Its rows: a table and the condition that makes the leg. */
  rows(bound: Bound, selection: TrialSelection, order: TrialOrder): { readonly table: string; readonly on: string };
  /** What is sorted by, as its index has it. */
  readonly key: string;
  /** The key `w.key` as float8 or text for the cursor, itself unless told. */
  readonly shown?: string;
  /** The key that a cursor's bound amount or text stands for. */
  read?(parameter: string): string;
  /** The trial's id in the table. */
  readonly id: 't.id' | 's.trial_id';
  /** Whether ties are sorted by id, as the key's index has it; else there are none. */
  readonly hasTies: boolean;
  /** What a trial `t` has to be beside. */
  rest?(bound: Bound, selection: TrialSelection, order: TrialOrder, meeting: Meeting): string;
}

const finite = (value: string) => `${value} > '-Infinity'::float8 AND ${value} < 'Infinity'::float8`;

/** A leg along an index of `trial`. */
function ownLeg(rank: 0 | 1, key: string, on: string, part: Pick<Leg, 'shown' | 'read'> = {}): Leg {
  const rows: Leg['rows'] = (bound, { experimentId }) => ({
    table: 'trial t',
    on: `t.experiment_id = ${bound.add(experimentId)}::uuid AND ${on}`,
  });
  return { rank, rows, key, id: 't.id', hasTies: true, ...part };
}

const BY_NUMBER: Leg = { ...ownLeg(0, 't.number', 'true'), hasTies: false, shown: 'w.key::float8' };

/** The last leg: those of which `isMissing` holds. */
const lastLeg = (isMissing: NonNullable<Leg['rest']>): Leg => ({ ...BY_NUMBER, rank: 2, rest: isMissing });

type Listed = (bound: Bound, selection: TrialSelection, order: TrialOrder) => string;

/** That a trial has no such row. */
function notIn(table: string, on: string, meeting: Meeting): string {
  if (meeting === 'hash') return `((t.id = ANY (SELECT s.trial_id FROM ${table} WHERE ${on})) IS NOT TRUE)`;
  return `NOT EXISTS (SELECT 1 FROM ${table} WHERE s.trial_id = t.id AND ${on} OFFSET 0)`;
}

function metricLegs(stat: 'last' | 'min' | 'max'): readonly Leg[] {
  const on: Listed = (bound, { experimentId, projectId }, { key }) =>
    `s.experiment_id = ${bound.add(experimentId)}::uuid AND s.key_id = ${metricKey(`${bound.add(projectId)}::uuid`, bound.add(key))}
      AND ${finite(`s.${stat}`)}`;
  return [
    {
      rank: 0,
      rows: (...all) => ({ table: 'metric_summary s', on: on(...all) }),
      key: `s.${stat}`,
      id: 's.trial_id',
      hasTies: true,
    },
    lastLeg((bound, selection, order, meeting) => notIn('metric_summary s', on(bound, selection, order), meeting)),
  ];
}

const ofParam: Listed = (bound, { experimentId }, { key }) =>
  `s.experiment_id = ${bound.add(experimentId)}::uuid AND s.name = ${bound.add(key)}::text`;

function paramLeg(rank: 0 | 1, key: string, on: string): Leg {
  const rows: Leg['rows'] = (...all) => ({ table: 'trial_param s', on: `${ofParam(...all)} AND ${on}` });
  return { rank, rows, key, id: 's.trial_id', hasTies: true };
}

const DURATION = '(t.ended_at - t.started_at)';
const EPOCH = 'extract(epoch FROM w.key)::float8';

const LEGS: Readonly<Record<TrialOrderBy, readonly Leg[]>> = {
  NUMBER: [BY_NUMBER],
  STATE: [ownLeg(1, 't.state', 'true')],
  CREATED_AT: [ownLeg(0, 't.created_at', 'true', { shown: EPOCH, read: (value) => `to_timestamp(${value}::float8)` })],
  // A running trial's duration changes while one turns the pages: only ended ones have one here.
  DURATION: [
    ownLeg(0, DURATION, `${DURATION} IS NOT NULL`, {
      shown: EPOCH,
      read: (value) => `make_interval(secs => ${value}::float8)`,
    }),
    lastLeg(() => `${DURATION} IS NULL`),
  ],
  VALUE: [ownLeg(0, 't.value', finite('t.value')), lastLeg(() => `(t.value IS NULL OR NOT (${finite('t.value')}))`)],
  PARAM: [
    paramLeg(0, 's.number', finite('s.number')),
    paramLeg(1, paramTextKey('s.text'), 's.text IS NOT NULL'),
    lastLeg((bound, selection, order, meeting) => {
      const isThere = `(s.text IS NOT NULL OR (${finite('s.number')}))`;
      return notIn('trial_param s', `${ofParam(bound, selection, order)} AND ${isThere}`, meeting);
    }),
  ],
  METRIC_LAST: metricLegs('last'),
  METRIC_MIN: metricLegs('min'),
  METRIC_MAX: metricLegs('max'),
};

/** Which trials of a leg to look at: the first ones, those collected (which meet the selection), or all. */
type Among = { readonly most: number } | { readonly ids: readonly TrialId[] } | 'all';

function legStatement(
  leg: Leg,
  selection: TrialSelection,
  order: TrialOrder,
  page: { readonly limit: number; readonly after: TrialPosition | null },
  among: Among,
): { readonly text: string; readonly values: readonly unknown[] } {
  const bound = new Bound();
  const { table, on } = leg.rows(bound, selection, order);
  const isDescending = order.direction === 'DESC' && leg.rank !== 2;
  const direction = isDescending ? 'DESC' : 'ASC';
  const after = page.after === null ? '' : `AND ${afterKey(bound, leg, page.after, isDescending)}`;
  const ids = among !== 'all' && 'ids' in among ? `AND ${leg.id} = ANY (${bound.add(among.ids)}::uuid[])` : '';
  const most = among !== 'all' && 'most' in among ? `LIMIT ${bound.add(among.most)}` : '';
  const meeting = among === 'all' ? 'hash' : 'probe';
  const rest = leg.rest?.(bound, selection, order, meeting) ?? 'true';
  const where = ids !== '' ? rest : `${whereSelected(bound, selection, meeting)} AND ${rest}`;
  const amount = leg.rank === 0 ? (leg.shown ?? 'w.key') : '0::float8';
  const text = leg.rank === 1 ? (leg.shown ?? 'w.key') : `''`;
  return {
    text: `/* trial.list */
    SELECT ${TRIAL_COLUMNS}, ${leg.rank} AS "sortRank", ${amount} AS "sortAmount", ${text} AS "sortText"
    FROM (SELECT ${leg.id} AS id, ${leg.key} AS key FROM ${table} WHERE ${on} ${after} ${ids}
      ORDER BY ${leg.key} ${direction}${leg.hasTies ? `, ${leg.id} ${direction}` : ''} ${most}) w
    CROSS JOIN LATERAL (SELECT * FROM trial t WHERE t.id = w.id OFFSET 0) t WHERE ${where}
    ORDER BY w.key ${direction}${leg.hasTies ? `, w.id ${direction}` : ''} LIMIT ${bound.add(page.limit)}`,
    values: bound.values,
  };
}

function afterKey(bound: Bound, leg: Leg, after: TrialPosition, isDescending: boolean): string {
  const sign = isDescending ? '<' : '>';
  if (!leg.hasTies) return `${leg.key} ${sign} ${bound.add(after.number)}::int`;
  const value = bound.add(leg.rank === 1 ? after.text : after.amount);
  const read = leg.read?.(value) ?? `${value}::${leg.rank === 1 ? 'text' : 'float8'}`;
  return `(${leg.key}, ${leg.id}) ${sign} (${read}, ${bound.add(after.id)}::uuid)`;
}
