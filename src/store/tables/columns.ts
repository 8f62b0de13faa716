/** Short names for the kinds of columns that our tables have. */
import type { EntitySchemaColumnOptions } from 'typeorm';

type Column = EntitySchemaColumnOptions;
type Extra = Partial<Column>;

/** The primary key: UUIDv7 text, made by the application. */
export const id = (extra: Extra = {}): Column => ({ type: 'uuid', primary: true, ...extra });
export const uuid = (name: string, extra: Extra = {}): Column => ({ type: 'uuid', name, ...extra });
export const text = (name: string, extra: Extra = {}): Column => ({ type: 'text', name, ...extra });
export const integer = (name: string, extra: Extra = {}): Column => ({ type: 'integer', name, ...extra });
/** float64: also for whole numbers beyond 2^31, which stay exact up to 2^53. */
export const float = (name: string, extra: Extra = {}): Column => ({ type: 'double precision', name, ...extra });
export const floats = (name: string, extra: Extra = {}): Column => ({
  type: 'double precision',
  array: true,
  name,
  ...extra,
});
export const truth = (name: string, extra: Extra = {}): Column => ({ type: 'boolean', name, ...extra });
export const json = (name: string, extra: Extra = {}): Column => ({ type: 'jsonb', name, ...extra });
/** Keeps the order of keys, which jsonb does not. */
export const orderedJson = (name: string, extra: Extra = {}): Column => ({ type: 'json', name, ...extra });
export const bytes = (name: string, extra: Extra = {}): Column => ({ type: 'bytea', name, ...extra });
export const time = (name: string, extra: Extra = {}): Column => ({ type: 'timestamptz', name, ...extra });

export const nullable: Extra = { nullable: true };
