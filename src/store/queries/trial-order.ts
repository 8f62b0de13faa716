/**
 * The orders of trials. Each is walked in legs, along an index each: finite numbers, then texts, both with ties by id,
 * then by number what is missing, NaN or infinite.
 */
import type { TrialId } from '../../domain/ids.js';
import type { Bound } from './bound.js';
import { paramTextKey } from './trial-values.js';
import type { Writing } from './trial-where.js';
import type { Whose } from './trial-whose.js';

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
  /** Name of the param or metric; null where the order is of neither. */
  readonly key: string | null;
  readonly direction: 'ASC' | 'DESC';
}

type Rank = 0 | 1 | 2;

/** Where a row stands in an order. */
export interface TrialPosition {
  /** The leg: 0 numbers, 1 texts, 2 what is missing or not finite. */
  readonly rank: Rank;
  /** On leg 0. Times are seconds since the epoch, below 1e11 in any case. */
  readonly amount: number;
  /** On leg 1. */
  readonly text: string;
  /** On leg 2, and in the order by number. */
  readonly number: number;
  /** On legs 0 and 1. */
  readonly id: TrialId;
}

/** A part of an order whose rows an index holds in a row. */
export interface Leg {
  readonly rank: Rank;
  readonly table: 'trial t' | 'trial_param s' | 'metric_summary s';
  /** Which rows of the table make the leg. */
  on(bound: Bound, whose: Whose, key: string | null): string;
  /** What is sorted by, as its index has it. */
  readonly key: string;
  /** The trial's id in the table. */
  readonly id: 't.id' | 's.trial_id';
  /** Whether ties are sorted by id, as the key's index has it; else there are none. */
  readonly hasTies: boolean;
  /** The key `w.key` as float8 or text for the cursor, itself unless told. */
  readonly shown?: string;
  /** The key that a cursor's bound amount or text stands for. */
  read?(parameter: string): string;
  /** What else must hold of a trial. */
  rest?(bound: Bound, writing: Writing, key: string | null): string;
}

const finite = (value: string) => `${value} > '-Infinity'::float8 AND ${value} < 'Infinity'::float8`;

/** A leg along an index of `trial`. */
function ownLeg(rank: 0 | 1, key: string, on: string, part: Pick<Leg, 'shown' | 'read'> = {}): Leg {
  return {
    rank,
    table: 'trial t',
    on: (_bound, whose) => `${whose.experiment('t.experiment_id')} AND ${on}`,
    key,
    id: 't.id',
    hasTies: true,
    ...part,
  };
}

/** A walk by number over those of which `on` holds. */
const numberLeg = (rank: 0 | 2, on: string): Leg => ({
  ...ownLeg(0, 't.number', on),
  rank,
  hasTies: false,
  shown: 'w.key::float8',
});

/** The last leg of an order by rows of another table: trials without such a row. */
function withoutRow(table: 'trial_param s' | 'metric_summary s', on: Leg['on']): Leg {
  return {
    ...numberLeg(2, 'true'),
    rest: (bound, { whose, meeting, id }, key) =>
      meeting === 'hash'
        ? `((${id} = ANY (SELECT s.trial_id FROM ${table} WHERE ${on(bound, whose, key)})) IS NOT TRUE)`
        : `NOT EXISTS (SELECT 1 FROM ${table} WHERE s.trial_id = ${id} AND ${on(bound, whose, key)} OFFSET 0)`,
  };
}

function metricLegs(stat: 'last' | 'min' | 'max'): readonly Leg[] {
  const on: Leg['on'] = (_bound, whose, key) =>
    `${whose.experiment('s.experiment_id')} AND ${whose.metric('s.key_id', key ?? '')} AND ${finite(`s.${stat}`)}`;
  const table = 'metric_summary s';
  return [{ rank: 0, table, on, key: `s.${stat}`, id: 's.trial_id', hasTies: true }, withoutRow(table, on)];
}

function paramLeg(rank: 0 | 1, key: string, on: string): Leg {
  return { rank, table: 'trial_param s', on: paramOn(on), key, id: 's.trial_id', hasTies: true };
}

function paramOn(on: string): Leg['on'] {
  return (bound, whose, key) => `${whose.experiment('s.experiment_id')} AND s.name = ${bound.add(key)}::text AND ${on}`;
}

const DURATION = '(t.ended_at - t.started_at)';
const EPOCH = 'extract(epoch FROM w.key)::float8';

export const LEGS: Readonly<Record<TrialOrderBy, readonly Leg[]>> = {
  NUMBER: [numberLeg(0, 'true')],
  STATE: [ownLeg(1, 't.state', 'true')],
  CREATED_AT: [ownLeg(0, 't.created_at', 'true', { shown: EPOCH, read: (value) => `to_timestamp(${value}::float8)` })],
  // A running trial's duration changes while one turns the pages: only ended ones have one here.
  DURATION: [
    ownLeg(0, DURATION, `${DURATION} IS NOT NULL`, {
      shown: EPOCH,
      read: (value) => `make_interval(secs => ${value}::float8)`,
    }),
    numberLeg(2, `${DURATION} IS NULL`),
  ],
  VALUE: [ownLeg(0, 't.value', finite('t.value')), numberLeg(2, `(t.value IS NULL OR NOT (${finite('t.value')}))`)],
  PARAM: [
    paramLeg(0, 's.number', finite('s.number')),
    paramLeg(1, paramTextKey('s.text'), 's.text IS NOT NULL'),
    withoutRow('trial_param s', paramOn(`(s.text IS NOT NULL OR (${finite('s.number')}))`)),
  ],
  METRIC_LAST: metricLegs('last'),
  METRIC_MIN: metricLegs('min'),
  METRIC_MAX: metricLegs('max'),
};

/** That a row of the leg comes after the position. */
export function afterPosition(bound: Bound, leg: Leg, after: TrialPosition, isDescending: boolean): string {
  const sign = isDescending ? '<' : '>';
  if (!leg.hasTies) return `${leg.key} ${sign} ${bound.add(after.number)}::int`;
  const value = bound.add(leg.rank === 1 ? after.text : after.amount);
  const read = leg.read?.(value) ?? `${value}::${leg.rank === 1 ? 'text' : 'float8'}`;
  return `(${leg.key}, ${leg.id}) ${sign} (${read}, ${bound.add(after.id)}::uuid)`;
}
