/** What could be written at a place of a filter: fields, operators and values that the experiment's trials have. */
import { isPlatformError, PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import type { FilterField } from '../../domain/trial-filter.js';
import { listParamNames, readFacet } from '../../store/queries/trial-facets.js';
import type { TrialSelection } from '../../store/queries/trial-where.js';
import type { Deps } from '../deps.js';
import { selectTrials } from '../trial/select-trials.js';
import { COLUMNS, kindOf, operatorsOf, STATS, wordsOf, writeField, writeText } from './fields.js';
import { expectedAfter, FILTER_LIMITS } from './parse-trial-filter.js';

export type CompletionKind = 'FIELD' | 'OPERATOR' | 'VALUE' | 'KEYWORD';

export interface FilterCompletion {
  readonly text: string;
  readonly kind: CompletionKind;
  /** What it is, in words; null where there is nothing to say. */
  readonly detail: string | null;
}

export interface FilterCompletions {
  /** The text from `from` to `to` is what each completion replaces: UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly FilterCompletion[];
}

export interface CompleteFilterInput {
  readonly experimentId: string;
  readonly text: string;
  /** Of the caret, UTF-16 units from 0. */
  readonly position: number;
}

const MOST_ITEMS = 50;
const MOST_NAMES = 1_000;
/** The piece that is being written: a quoted text, or a path or word up to the caret. */
const QUOTED_PART = /^(?:[^"'`]|"[^"]*"|'[^']*'|`[^`]*`)*?(["'][^"']*)$/s;
const PART = /(?:[\p{L}\p{N}_/:@.-]|`[^`]*(?:`|$))+$/u;

/** Never fails for a text that is no filter: there is nothing to complete then. @throws NOT_FOUND, INPUT_INVALID */
export async function completeFilter(
  deps: Deps,
  principal: Principal,
  { experimentId, text, position }: CompleteFilterInput,
): Promise<FilterCompletions> {
  if (!Number.isInteger(position) || position < 0 || position > text.length)
    throw new PlatformError('INPUT_INVALID', 'position must be a place in the text');
  const selection = await selectTrials(deps, principal, { experimentId });
  const before = text.slice(0, position);
  if (Buffer.byteLength(text) > FILTER_LIMITS.bytes) return { from: position, to: position, items: [] };
  const part = (QUOTED_PART.exec(before)?.[1] ?? PART.exec(before)?.[0] ?? '').toLowerCase();
  const from = position - part.length;
  const items = await candidates(deps, selection, before.slice(0, from));
  const bare = part.replace(/^["']/, '');
  const fitting = items.filter(({ text: own }) => fits(own.toLowerCase(), part, bare));
  return { from, to: position, items: fitting.slice(0, MOST_ITEMS) };
}

/** `lay` finds `params.layers` too: people know the names of their params, not our prefixes. */
function fits(own: string, part: string, bare: string): boolean {
  if (own.startsWith(part) || own.replace(/^["']/, '').startsWith(bare)) return true;
  return bare !== '' && own.replace(/^(params|metrics)\.`?/, '').startsWith(bare);
}

async function candidates(
  deps: Deps,
  selection: TrialSelection,
  beginning: string,
): Promise<readonly FilterCompletion[]> {
  const expected = expectationAfter(beginning);
  switch (expected?.what) {
    case undefined:
      return [];
    case 'word':
      return expected.words.map((text) => ({ text, kind: 'KEYWORD', detail: null }));
    case 'operator':
      return operatorsOf(expected.field).map((text) => ({ text, kind: 'OPERATOR', detail: null }));
    case 'value':
      return valuesOf(deps, selection, expected.field);
    case 'field':
      return fieldsOf(deps, selection);
  }
}

function expectationAfter(beginning: string) {
  try {
    return expectedAfter(beginning);
  } catch (error) {
    if (isPlatformError(error) && error.code === 'FILTER_INVALID') return null;
    throw error;
  }
}

async function fieldsOf(deps: Deps, selection: TrialSelection): Promise<readonly FilterCompletion[]> {
  const { experimentId } = selection;
  const [[keys = []], names] = await Promise.all([
    deps.metrics.readKeys([experimentId]),
    listParamNames(deps.database.read, experimentId, MOST_NAMES),
  ]);
  const field = (of: FilterField, detail: string): FilterCompletion => ({
    text: writeField(of),
    kind: 'FIELD',
    detail,
  });
  return [
    ...names.map((name) => field({ of: 'param', name }, 'hyperparameter')),
    ...keys
      .slice(0, MOST_NAMES)
      .flatMap((key) => STATS.map((stat) => field({ of: 'metric', key, stat }, `${stat} of the metric`))),
    ...COLUMNS.map(({ column, summary }) => field({ of: 'column', column }, summary)),
    { text: 'NOT', kind: 'KEYWORD', detail: null },
  ];
}

async function valuesOf(
  deps: Deps,
  selection: TrialSelection,
  field: FilterField,
): Promise<readonly FilterCompletion[]> {
  const value = (text: string, detail: string | null): FilterCompletion => ({ text, kind: 'VALUE', detail });
  const words = wordsOf(field);
  if (words.length > 0) return words.map((word) => value(word, null));
  if (kindOf(field) === 'time') return [];
  const { values } = await readFacet(deps.database.read, selection, field, MOST_ITEMS);
  return values.map(({ number, text, count }) =>
    value(text === null ? String(number) : writeText(text), `${count} trials`),
  );
}
