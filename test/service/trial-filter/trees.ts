/** Filters for properties: random trees, how they are written, and what they mean by the plainest evaluation. */
import fc from 'fast-check';
import type { MetricSummary } from '../../../src/domain/metric.js';
import type { Trial } from '../../../src/domain/trial.js';
import type { FilterField, FilterNode, FilterOperator, FilterValue } from '../../../src/domain/trial-filter.js';
import { kindOf, STATS, writeField, writeText } from '../../../src/service/trial-filter/fields.js';

export const PARAMS = ['layers', 'opt', 'a b`c', 'q\'"uote'];
export const METRICS = ['loss', 'val/acc', 'max'];
export const TAGS = ['a', 'b c', "d'"];
export const NUMBERS = [0, 1, -1, 2.5, 3, 1e300, Infinity, -Infinity, Number.NaN];
export const TEXTS = ['adam', 'Adam', 'sgd', '', 'é', 'a%_\\b', '😀z', 'true'];
export const TIMES = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'].map(
  (text) => new Date(text),
);

const column = fc.constantFrom(
  ...([
    'state',
    'number',
    'name',
    'tags',
    'created',
    'started',
    'ended',
    'duration',
    'cause',
    'proposedBy',
    'value',
  ] as const),
);
const field: fc.Arbitrary<FilterField> = fc.oneof(
  column.map((name) => ({ of: 'column', column: name }) as const),
  fc.constantFrom(...PARAMS).map((name) => ({ of: 'param', name }) as const),
  fc
    .tuple(fc.constantFrom(...METRICS, 'absent'), fc.constantFrom(...STATS))
    .map(([key, stat]) => ({ of: 'metric', key, stat }) as const),
);
const number = fc.oneof(fc.constantFrom(...NUMBERS), fc.integer({ min: 0, max: 40 }), fc.double());
const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme', maxLength: 4 }).map(clean));
const pattern = fc.oneof(
  fc.constantFrom('%', 'a%', '_', '%a_', 'a\\%\\_\\\\b', '%z', ''),
  fc.string({ unit: fc.constantFrom('a', '%', '_', 'd', 'é'), maxLength: 4 }),
);

function clean(value: string): string {
  return value.replaceAll('\0', ''); // graphemes have no half surrogates
}

function valueFor(of: FilterField): fc.Arbitrary<FilterValue> {
  const kind = kindOf(of);
  if (kind === 'number') return number;
  if (kind === 'time') return fc.constantFrom(...TIMES);
  if (kind === 'param') return fc.oneof(number, text);
  if (of.of === 'column' && of.column === 'state') return fc.constantFrom('RUNNING', 'COMPLETED', 'FAILED');
  if (of.of === 'column' && of.column === 'cause') return fc.constantFrom('OOM', 'USER_CODE', 'HANG');
  return text;
}

const condition: fc.Arbitrary<FilterNode> = field.chain((of): fc.Arbitrary<FilterNode> => {
  const kind = kindOf(of);
  const missing = fc.constant<FilterNode>({ is: 'null', field: of });
  if (kind === 'tags')
    return fc.oneof(
      missing,
      fc.constantFrom(...TAGS, 'x').map((tag) => ({ is: 'has', tag }) as const),
    );
  const operators: readonly FilterOperator[] = kind === 'word' ? ['=', '!='] : ['=', '!=', '<', '<=', '>', '>='];
  const compared = fc
    .tuple(fc.constantFrom(...operators), valueFor(of))
    .filter(([operator, value]) => operator === '=' || operator === '!=' || !Number.isNaN(value))
    .map(([operator, value]) => ({ is: 'compare', field: of, operator, value }) as const);
  const inside = fc
    .array(valueFor(of), { minLength: 1, maxLength: 4 })
    .map((values) => ({ is: 'in', field: of, values }) as const);
  const like = pattern.map((one) => ({ is: 'like', field: of, pattern: one }) as const);
  if (kind === 'time') return fc.oneof({ weight: 4, arbitrary: compared }, missing);
  if (kind === 'text' || kind === 'param') return fc.oneof({ weight: 4, arbitrary: compared }, inside, like, missing);
  return fc.oneof({ weight: 4, arbitrary: compared }, inside, missing);
});

/** At most about 20 nodes: the texts stay below their limit. */
export const filterTree: fc.Arbitrary<FilterNode> = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    condition,
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
      .map(([is, nodes]) => ({ is, nodes }) as FilterNode),
    tie('node').map((node) => ({ is: 'not', node }) as const),
  ),
})).node;

/** The filter in words. */
export function write(node: FilterNode): string {
  switch (node.is) {
    case 'and':
    case 'or':
      return node.nodes.map((one) => `(${write(one)})`).join(node.is === 'and' ? ' AND ' : ' or ');
    case 'not':
      return `NOT (${write(node.node)})`;
    case 'compare':
      return `${writeField(node.field)} ${node.operator} ${writeValue(node.value)}`;
    case 'in':
      return `${writeField(node.field)} IN (${node.values.map(writeValue).join(', ')})`;
    case 'like':
      return `${writeField(node.field)} LIKE ${writeText(node.pattern)}`;
    case 'null':
      return `${writeField(node.field)} IS NULL`;
    case 'has':
      return `tags HAS ${writeText(node.tag)}`;
  }
}

function writeValue(value: FilterValue): string {
  if (value instanceof Date) return `'${value.toISOString()}'`;
  return typeof value === 'number' ? String(value) : writeText(value);
}

export interface Observed {
  readonly trial: Trial;
  readonly summaries: ReadonlyMap<string, MetricSummary>;
}

/** Whether the trial meets the filter. */
export function meets(node: FilterNode, observed: Observed, now: Date): boolean {
  switch (node.is) {
    case 'and':
      return node.nodes.every((one) => meets(one, observed, now));
    case 'or':
      return node.nodes.some((one) => meets(one, observed, now));
    case 'not':
      return !meets(node.node, observed, now);
    case 'has':
      return observed.trial.tags.includes(node.tag);
    case 'null':
      if (node.field.of === 'column' && node.field.column === 'tags') return observed.trial.tags.length === 0;
      return valueIn(node.field, observed, now) === null;
    case 'like': {
      const value = valueIn(node.field, observed, now);
      return typeof value === 'string' && isLike([...value], [...node.pattern]);
    }
    case 'in':
      return node.values.some((value) => holds(valueIn(node.field, observed, now), '=', value));
    case 'compare':
      return holds(valueIn(node.field, observed, now), node.operator, node.value);
  }
}

function valueIn(of: FilterField, { trial, summaries }: Observed, now: Date): FilterValue | null {
  if (of.of === 'metric') return summaries.get(of.key)?.[of.stat] ?? null;
  if (of.of === 'param') {
    const value = trial.params[of.name] ?? null;
    return typeof value === 'boolean' ? String(value) : value;
  }
  switch (of.column) {
    case 'created':
      return trial.createdAt;
    case 'started':
      return trial.startedAt;
    case 'ended':
      return trial.endedAt;
    case 'duration':
      return trial.startedAt === null ? null : ((trial.endedAt ?? now).getTime() - trial.startedAt.getTime()) / 1000;
    case 'tags':
      return null;
    default:
      return trial[of.column];
  }
}

function holds(found: FilterValue | null, operator: FilterOperator, value: FilterValue): boolean {
  if (found === null || typeof found !== typeof value) return false;
  if (typeof found === 'number' && (Number.isNaN(found) || Number.isNaN(value))) {
    if (operator === '=') return Number.isNaN(found) && Number.isNaN(value);
    return operator === '!=' && !Number.isNaN(found);
  }
  const order =
    typeof found === 'string'
      ? Buffer.compare(Buffer.from(found), Buffer.from(String(value)))
      : Number(found) < Number(value)
        ? -1
        : Number(found) > Number(value)
          ? 1
          : 0;
  const answers = {
    '=': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  };
  return answers[operator];
}

function isLike(value: readonly string[], wanted: readonly string[]): boolean {
  const [head, ...rest] = wanted;
  if (head === undefined) return value.length === 0;
  if (head === '%') return isLike(value, rest) || (value.length > 0 && isLike(value.slice(1), wanted));
  if (value.length === 0) return false;
  if (head === '_') return isLike(value.slice(1), rest);
  const [literal, ...after] = head === '\\' ? rest : wanted;
  return value[0] === literal && isLike(value.slice(1), after);
}
