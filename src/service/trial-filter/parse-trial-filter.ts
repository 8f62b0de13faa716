/**
 * Reads a filter into its tree:
 *
 *     or         = and { OR and }
 *     and        = not { AND not }
 *     not        = NOT not | '(' or ')' | condition
 *     condition  = field ( operator value | [NOT] IN '(' value { ',' value } ')' | [NOT] LIKE text
 *                        | [NOT] HAS text | IS [NOT] NULL )
 *     field      = state | number | name | tags | created | started | ended | duration | cause | proposedBy | value
 *                | params '.' key | metrics '.' key [ '.' ( last | first | min | max | mean | count ) ]
 *
 * Keywords and names of fields in any case; keys in backticks unless plain; texts in single or double quotes, states and
 * causes also bare; numbers may be NaN, inf and -inf; times are texts in ISO 8601, UTC unless they say otherwise.
 */
import type { PlatformError } from '../../domain/errors.js';
import type { FilterField, FilterNode, FilterOperator, FilterStat, FilterValue } from '../../domain/trial-filter.js';
import { COLUMNS, columnOf, kindOf, operatorsOf, STATS, wordsOf } from './fields.js';
import { filterError, type Token, tokensOf } from './tokens.js';

export const FILTER_LIMITS = { bytes: 1024, depth: 16, nodes: 50 } as const;

/** What the parser waited for at the end of a text that is a beginning: for completion. */
export type Expectation =
  | { readonly what: 'field' }
  | { readonly what: 'operator'; readonly field: FilterField }
  | { readonly what: 'value'; readonly field: FilterField }
  | { readonly what: 'word'; readonly words: readonly string[] };

const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const ORDERS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
const KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'IN', 'LIKE', 'IS', 'NULL', 'HAS']);
const TIME = /^(\d{4})-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** The tree of a filter, null of an empty one. @throws FILTER_INVALID with `data.problems`: place, message, what was expected. */
export function parseTrialFilter(text: string): FilterNode | null {
  checkText(text);
  return new Parser(tokensOf(text)).filter();
}

/** The one field that a text names, as a filter writes it. @throws FILTER_INVALID */
export function parseFilterField(text: string): FilterField {
  checkText(text);
  return new Parser(tokensOf(text)).onlyField();
}

/** What could follow a text that is the beginning of a filter; null where it is wrong before its end. */
export function expectedAfter(beginning: string): Expectation | null {
  const parser = new Parser(tokensOf(beginning));
  try {
    if (parser.filter() === null) return { what: 'field' };
    return { what: 'word', words: ['AND', 'OR'] };
  } catch (error) {
    if (parser.isAtEnd()) return parser.expectation;
    throw error;
  }
}

function checkText(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > FILTER_LIMITS.bytes)
    throw filterError(
      { position: 0, length: text.length },
      `a filter may be at most ${FILTER_LIMITS.bytes} bytes long`,
    );
  const position = text.search(/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
  if (position !== -1) throw filterError({ position, length: 1 }, 'this is no character of text');
}

class Parser {
  expectation: Expectation = { what: 'field' };
  private at = 0;
  private depth = 0;
  private nodes = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  filter(): FilterNode | null {
    if (this.isAtEnd()) return null;
    const node = this.or();
    if (!this.isAtEnd()) throw this.unexpected(['AND', 'OR', 'end of the filter']);
    return node;
  }

  onlyField(): FilterField {
    const field = this.field();
    if (!this.isAtEnd()) throw this.unexpected(['end of the field']);
    return field;
  }

  isAtEnd(): boolean {
    return this.token().kind === 'end';
  }

  private or(): FilterNode {
    return this.joined('or', () => this.joined('and', () => this.not()));
  }

  private joined(is: 'and' | 'or', part: () => FilterNode): FilterNode {
    const first = part();
    const nodes = [first];
    while (this.takeKeyword(is.toUpperCase())) nodes.push(part());
    return nodes.length === 1 ? first : this.counted({ is, nodes });
  }

  private not(): FilterNode {
    this.expectation = { what: 'field' };
    const opening = this.token();
    if (this.takeKeyword('NOT')) return this.nested(opening, () => this.counted({ is: 'not', node: this.not() }));
    if (!this.takeSymbol('(')) return this.condition();
    return this.nested(opening, () => {
      const node = this.or();
      this.expectation = { what: 'word', words: ['AND', 'OR', ')'] };
      if (!this.takeSymbol(')')) throw this.unexpected(['AND', 'OR', ')']);
      return node;
    });
  }

  private nested(opening: Token, inner: () => FilterNode): FilterNode {
    this.depth += 1;
    if (this.depth > FILTER_LIMITS.depth)
      throw filterError(opening, `at most ${FILTER_LIMITS.depth} parentheses and NOTs may be inside one another`);
    const node = inner();
    this.depth -= 1;
    return node;
  }

  private condition(): FilterNode {
    const field = this.field();
    this.expectation = { what: 'operator', field };
    const token = this.token();
    if (token.kind === 'symbol' && COMPARISONS.has(token.text) && this.allows(field, token.text)) {
      this.at += 1;
      return this.comparison(field, token.text as FilterOperator);
    }
    if (this.takeKeyword('IS')) {
      this.expectation = { what: 'word', words: ['NULL', 'NOT NULL'] };
      const isNegated = this.takeKeyword('NOT');
      if (!this.takeKeyword('NULL')) throw this.unexpected(isNegated ? ['NULL'] : ['NULL', 'NOT NULL']);
      return this.counted({ is: 'null', field }, isNegated);
    }
    const isNegated = this.takeKeyword('NOT');
    if (isNegated)
      this.expectation = { what: 'word', words: ['IN', 'LIKE', 'HAS'].filter((word) => this.allows(field, word)) };
    if (this.allows(field, 'IN') && this.takeKeyword('IN'))
      return this.counted({ is: 'in', field, values: this.list(field) }, isNegated);
    this.expectation = isNegated ? this.expectation : { what: 'operator', field };
    if (this.allows(field, 'LIKE') && this.takeKeyword('LIKE'))
      return this.counted({ is: 'like', field, pattern: this.pattern(field) }, isNegated);
    if (this.allows(field, 'HAS') && this.takeKeyword('HAS'))
      return this.counted({ is: 'has', tag: this.text(field, 'a tag in quotes') }, isNegated);
    throw this.unexpected(
      isNegated ? ['IN', 'LIKE', 'HAS'].filter((word) => this.allows(field, word)) : operatorsOf(field),
    );
  }

  private comparison(field: FilterField, operator: FilterOperator): FilterNode {
    const token = this.token();
    const value = this.value(field);
    if (ORDERS.has(operator) && typeof value === 'number' && Number.isNaN(value))
      throw filterError(token, 'NaN is neither less nor greater than anything: compare it with = or !=', ['a number']);
    return this.counted({ is: 'compare', field, operator, value });
  }

  private list(field: FilterField): readonly FilterValue[] {
    this.expectation = { what: 'word', words: ['('] };
    if (!this.takeSymbol('(')) throw this.unexpected(['(']);
    const values = [this.value(field)];
    while (this.takeSymbol(',')) values.push(this.value(field));
    this.expectation = { what: 'word', words: [',', ')'] };
    if (!this.takeSymbol(')')) throw this.unexpected([',', ')']);
    return values;
  }

  private pattern(field: FilterField): string {
    const token = this.token();
    const pattern = this.text(field, 'a pattern in quotes');
    if ((/\\+$/.exec(pattern)?.[0].length ?? 0) % 2 === 1)
      throw filterError(token, 'a pattern may not end with a backslash that takes nothing: write it twice');
    return pattern;
  }

  private text(field: FilterField, what: string): string {
    this.expectation = { what: 'value', field };
    const token = this.token();
    if (token.kind !== 'string') throw this.unexpected([what]);
    this.at += 1;
    return token.text;
  }

  private value(field: FilterField): FilterValue {
    this.expectation = { what: 'value', field };
    const token = this.token();
    const kind = kindOf(field);
    const value = literalOf(token, field);
    if (value === undefined) {
      const isBare = token.kind === 'word' && !KEYWORDS.has(token.text.toUpperCase());
      const hint =
        isBare && (kind === 'text' || kind === 'param' || kind === 'time') ? 'texts go into quotes' : undefined;
      throw this.unexpected(expectedValues(field), hint);
    }
    this.at += 1;
    return value;
  }

  private field(): FilterField {
    this.expectation = { what: 'field' };
    const token = this.token();
    if (token.kind !== 'word' || KEYWORDS.has(token.text.toUpperCase())) throw this.unexpected(['a field', 'NOT', '(']);
    this.at += 1;
    const root = token.text.toLowerCase();
    if (root === 'params' || root === 'param') return { of: 'param', name: this.path().join('.') };
    if (root === 'metrics' || root === 'metric') return this.metric();
    const column = columnOf(root);
    if (column !== undefined) return { of: 'column', column: column.column };
    throw filterError(
      token,
      `there is no field ${token.text}; hyperparameters are params.NAME, metrics metrics.NAME.max`,
      [...COLUMNS.map((info) => info.column), 'params.NAME', 'metrics.NAME.STAT'],
    );
  }

  /** `metrics.loss` is its last value; in `metrics.max`, and in backticks, `max` is a name. */
  private metric(): FilterField {
    const parts = this.path();
    const last = this.tokens[this.at - 1];
    const stat = STATS.find((one) => last?.kind === 'word' && one === last.text.toLowerCase());
    if (stat === undefined || parts.length === 1) return { of: 'metric', key: parts.join('.'), stat: 'last' };
    return { of: 'metric', key: parts.slice(0, -1).join('.'), stat: stat satisfies FilterStat };
  }

  private path(): readonly string[] {
    const parts: string[] = [];
    if (!this.takeSymbol('.')) throw this.unexpected(['.']);
    do {
      const token = this.token();
      if (token.kind !== 'word' && token.kind !== 'name' && token.kind !== 'string')
        throw this.unexpected(['a name, in backticks unless plain']);
      parts.push(token.text);
      this.at += 1;
    } while (this.takeSymbol('.'));
    return parts;
  }

  private counted(node: FilterNode, isNegated = false): FilterNode {
    this.nodes += 1;
    if (this.nodes > FILTER_LIMITS.nodes) {
      const token = this.tokens[this.at - 1] ?? this.token();
      throw filterError(token, `a filter may have at most ${FILTER_LIMITS.nodes} conditions, ANDs, ORs and NOTs`);
    }
    return isNegated ? this.counted({ is: 'not', node }) : node;
  }

  private allows(field: FilterField, operator: string): boolean {
    return operatorsOf(field).includes(operator);
  }

  private token(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)] as Token; // the last is `end`
  }

  private takeKeyword(word: string): boolean {
    return this.take(({ kind, text }) => kind === 'word' && text.toUpperCase() === word);
  }

  private takeSymbol(symbol: string): boolean {
    return this.take(({ kind, text }) => kind === 'symbol' && text === symbol);
  }

  private take(isWanted: (token: Token) => boolean): boolean {
    if (!isWanted(this.token())) return false;
    this.at += 1;
    return true;
  }

  private unexpected(expected: readonly string[], hint?: string): PlatformError {
    const token = this.token();
    const found = token.kind === 'end' ? 'the filter ends here' : 'this does not fit here';
    return filterError(token, `${found}: expected ${expected.join(', ')}${hint ? `; ${hint}` : ''}`, expected);
  }
}

/** Undefined when the token is no value for the field. */
function literalOf(token: Token, field: FilterField): FilterValue | undefined {
  const word = token.kind === 'word' ? token.text.toUpperCase() : null;
  switch (kindOf(field)) {
    case 'number':
      return numberOf(token);
    case 'text':
      return token.kind === 'string' ? token.text : undefined;
    case 'word': {
      const wanted = token.kind === 'string' ? token.text.toUpperCase() : word;
      return wordsOf(field).find((one) => one === wanted);
    }
    case 'time':
      return token.kind === 'string' ? timeOf(token.text) : undefined;
    case 'param':
      if (token.kind === 'string') return token.text;
      return word === 'TRUE' || word === 'FALSE' ? word.toLowerCase() : numberOf(token);
    case 'tags':
      return undefined;
  }
}

function numberOf(token: Token): number | undefined {
  if (token.kind === 'number') return token.number;
  if (token.kind !== 'word') return undefined;
  const word = token.text.toUpperCase();
  if (word === 'NAN') return Number.NaN;
  return word === 'INF' || word === 'INFINITY' ? Number.POSITIVE_INFINITY : undefined;
}

function timeOf(text: string): Date | undefined {
  const [, year, zone] = TIME.exec(text) ?? [];
  if (year === undefined || year === '0000') return undefined;
  const iso = text.replace(' ', 'T');
  const time = new Date(zone === undefined && iso.includes('T') ? `${iso}Z` : iso);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1 ? undefined : time;
}

function expectedValues(field: FilterField): readonly string[] {
  switch (kindOf(field)) {
    case 'number':
      return ['a number'];
    case 'word':
      return wordsOf(field);
    case 'time':
      return ["a time such as '2026-11-25' or '2026-11-25T10:00:00Z'"];
    case 'param':
      return ['a number', 'a text in quotes', 'true', 'false'];
    default:
      return ['a text in quotes'];
  }
}
