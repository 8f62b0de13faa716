/** The fields that a filter may name, and what each can be compared with. */
import {
  FAILURE_CAUSES,
  type FilterColumn,
  type FilterField,
  type FilterStat,
  TRIAL_STATES,
} from '../../domain/trial-filter.js';

export type FieldKind = 'number' | 'text' | 'word' | 'time' | 'tags' | 'param';

interface ColumnInfo {
  readonly column: FilterColumn;
  readonly kind: FieldKind;
  readonly summary: string;
  /** All values, where they are a closed list. */
  readonly words?: readonly string[];
}

export const COLUMNS: readonly ColumnInfo[] = [
  { column: 'state', kind: 'word', summary: 'where it stands', words: TRIAL_STATES },
  { column: 'number', kind: 'number', summary: 'number in the experiment' },
  { column: 'name', kind: 'text', summary: 'name given by a person' },
  { column: 'tags', kind: 'tags', summary: 'its tags' },
  { column: 'created', kind: 'time', summary: 'when it was created' },
  { column: 'started', kind: 'time', summary: 'when it first started' },
  { column: 'ended', kind: 'time', summary: 'when it ended' },
  { column: 'duration', kind: 'number', summary: 'seconds from start to end, or until now' },
  { column: 'cause', kind: 'word', summary: 'why it failed', words: FAILURE_CAUSES },
  { column: 'proposedBy', kind: 'text', summary: 'sampler that proposed it, or user' },
  { column: 'value', kind: 'number', summary: 'objective value' },
];

export const STATS: readonly FilterStat[] = ['last', 'first', 'min', 'max', 'mean', 'count'];

const BY_NAME = new Map(COLUMNS.map((info) => [info.column.toLowerCase(), info]));
const OPERATORS: Readonly<Record<FieldKind, readonly string[]>> = {
  number: ['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
  text: ['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'LIKE', 'NOT LIKE', 'IS NULL', 'IS NOT NULL'],
  word: ['=', '!=', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
  time: ['=', '!=', '<', '<=', '>', '>=', 'IS NULL', 'IS NOT NULL'],
  tags: ['HAS', 'NOT HAS', 'IS NULL', 'IS NOT NULL'],
  param: ['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'LIKE', 'NOT LIKE', 'IS NULL', 'IS NOT NULL'],
};

/** The column of this name, in any case. */
export function columnOf(name: string): ColumnInfo | undefined {
  return BY_NAME.get(name.toLowerCase());
}

export function kindOf(field: FilterField): FieldKind {
  if (field.of === 'param') return 'param';
  return field.of === 'metric' ? 'number' : (columnOf(field.column)?.kind ?? 'text');
}

/** All values of a field whose values are a closed list. */
export function wordsOf(field: FilterField): readonly string[] {
  return field.of === 'column' ? (columnOf(field.column)?.words ?? []) : [];
}

export function operatorsOf(field: FilterField): readonly string[] {
  return OPERATORS[kindOf(field)];
}

const PLAIN = /^[\p{L}_][\p{L}\p{N}_/:@-]*$/u;

/** The field as a filter writes it. */
export function writeField(field: FilterField): string {
  if (field.of === 'column') return field.column;
  if (field.of === 'param') return `params.${writeName(field.name)}`;
  return `metrics.${writeName(field.key)}.${field.stat}`;
}

/** A text as a filter writes it. */
export function writeText(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "''")}'`;
}

function writeName(name: string): string {
  return PLAIN.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}
