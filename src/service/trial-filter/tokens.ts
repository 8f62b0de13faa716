/** Cuts the text of a filter into tokens. Knows no grammar; positions are UTF-16 units, as editors count. */
import { PlatformError } from '../../domain/errors.js';

export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol' | 'end';
  /** A word or symbol as written, a quoted text without its quotes. */
  readonly text: string;
  /** Of numbers. */
  readonly number: number;
  readonly position: number;
  readonly length: number;
}

export interface FilterProblem {
  /** Where it begins: UTF-16 units from 0. */
  readonly position: number;
  /** 0 at the end of the text. */
  readonly length: number;
  readonly message: string;
  /** What could stand there. */
  readonly expected: readonly string[];
}

const SPACE = /\s+/y;
const WORD = /[\p{L}_][\p{L}\p{N}_/:@-]*/uy;
const NUMBER = /[+-]?(?:inf(?:inity)?(?![\p{L}\p{N}_])|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)/iuy;
const SYMBOL = /<=|>=|!=|<>|==|[=<>(),.]/y;
const OPERATOR_NAMES: Readonly<Record<string, string>> = { '<>': '!=', '==': '=' };

/** The tokens, the last one of kind `end`. @throws FILTER_INVALID */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    const token = tokenAt(text, at, tokens.at(-1));
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: 'end', text: '', number: Number.NaN, position: text.length, length: 0 });
  return tokens;
}

/** The error that points at a place of the filter. */
export function filterError(
  place: Pick<Token, 'position' | 'length'>,
  message: string,
  expected: readonly string[] = [],
): PlatformError {
  const problem: FilterProblem = { position: place.position, length: place.length, message, expected };
  return new PlatformError('FILTER_INVALID', `the filter cannot be read at character ${place.position + 1}`, {
    problems: [problem],
  });
}

function tokenAt(text: string, position: number, before: Token | undefined): Token {
  const token = (kind: Token['kind'], length: number, own: string, number = Number.NaN): Token => ({
    kind,
    text: own,
    number,
    position,
    length,
  });
  const quote = text[position];
  if (quote === '"' || quote === "'" || quote === '`') {
    const { value, length } = quotedAt(text, position, quote);
    return token(quote === '`' ? 'name' : 'string', length, value);
  }
  const touches = before !== undefined && before.position + before.length === position;
  // The dot of a path, not of a number: `metrics.loss`, but `= .5`.
  if (quote === '.' && touches && before.kind !== 'symbol') return token('symbol', 1, '.');
  const number = match(NUMBER, text, position);
  if (number !== null) {
    if (match(WORD, text, position + number.length) !== null)
      throw filterError(token('number', number.length + 1, ''), 'a name that begins with a digit goes into backticks');
    return token('number', number.length, number, numberOf(number));
  }
  const word = match(WORD, text, position);
  if (word !== null) return token('word', word.length, word);
  const symbol = match(SYMBOL, text, position);
  if (symbol !== null) return token('symbol', symbol.length, OPERATOR_NAMES[symbol] ?? symbol);
  const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
  throw filterError(token('symbol', character.length, ''), `${JSON.stringify(character)} means nothing here`);
}

/** A quote within its own kind of quotes is written twice. */
function quotedAt(text: string, position: number, quote: string): { value: string; length: number } {
  let value = '';
  for (let at = position + 1; ; ) {
    const end = text.indexOf(quote, at);
    if (end === -1) throw filterError({ position, length: text.length - position }, `the closing ${quote} is missing`);
    value += text.slice(at, end);
    if (text[end + 1] !== quote) return { value, length: end + 1 - position };
    value += quote;
    at = end + 2;
  }
}

function numberOf(text: string): number {
  if (!/inf/i.test(text)) return Number(text);
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function skip(text: string, position: number): number {
  return position + (match(SPACE, text, position)?.length ?? 0);
}

function match(pattern: RegExp, text: string, position: number): string | null {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? null;
}
