import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlatformError } from '../../../src/domain/errors.js';
import { FILTER_LIMITS, parseTrialFilter } from '../../../src/service/trial-filter/parse-trial-filter.js';
import type { FilterProblem } from '../../../src/service/trial-filter/tokens.js';

const layers = { of: 'param', name: 'layers' } as const;
const metric = (key: string, stat: string) => ({ of: 'metric', key, stat });
const compare = (field: unknown, operator: string, value: unknown) => ({ is: 'compare', field, operator, value });
const column = (name: string) => ({ of: 'column', column: name });

/** The problem of a filter that must be refused. */
function problemOf(text: string): FilterProblem {
  try {
    parseTrialFilter(text);
  } catch (error) {
    if (!isPlatformError(error) || error.code !== 'FILTER_INVALID') throw error;
    return (error.data.problems as FilterProblem[])[0]!;
  }
  throw new Error(`${text} was read`);
}

/** The filter with a caret under the place. */
function marked(text: string): string {
  const { position, length } = problemOf(text);
  return `${' '.repeat(position)}${'^'.repeat(Math.max(1, length))}`;
}

describe('parseTrialFilter', () => {
  it.each([
    ['params.layers = 4', compare(layers, '=', 4)],
    ['metrics.`val/acc`.max > 0.9', compare(metric('val/acc', 'max'), '>', 0.9)],
    ['metrics.val/acc.max>.9', compare(metric('val/acc', 'max'), '>', 0.9)],
    ['metrics.loss < 1e-3', compare(metric('loss', 'last'), '<', 1e-3)],
    ['metrics.max = 1', compare(metric('max', 'last'), '=', 1)],
    ['metrics.a.`max` = 1', compare(metric('a.max', 'last'), '=', 1)],
    ['METRICS.Loss.MIN >= -2', compare(metric('Loss', 'min'), '>=', -2)],
    ['metrics.loss = nan', compare(metric('loss', 'last'), '=', Number.NaN)],
    ['metrics.loss > -inf', compare(metric('loss', 'last'), '>', -Infinity)],
    ['metrics.loss <> Infinity', compare(metric('loss', 'last'), '!=', Infinity)],
    ['params.opt.lr == 1', compare({ of: 'param', name: 'opt.lr' }, '=', 1)],
    ['params.`a``b` = "it""s"', compare({ of: 'param', name: 'a`b' }, '=', 'it"s')],
    ['params.flag = TRUE', compare({ of: 'param', name: 'flag' }, '=', 'true')],
    ['state = running', compare(column('state'), '=', 'RUNNING')],
    ['cause IN (oom, "user_code")', { is: 'in', field: column('cause'), values: ['OOM', 'USER_CODE'] }],
    ['proposedby = "tpe"', compare(column('proposedBy'), '=', 'tpe')],
    ["created > '2026-11-25'", compare(column('created'), '>', new Date('2026-11-25T00:00:00Z'))],
    ["created > '2026-11-25 10:00'", compare(column('created'), '>', new Date('2026-11-25T10:00:00Z'))],
    ["ended <= '2026-11-25T10:00:00+02:00'", compare(column('ended'), '<=', new Date('2026-11-25T08:00:00Z'))],
    ['tags HAS "x"', { is: 'has', tag: 'x' }],
    ['tags not has "x"', { is: 'not', node: { is: 'has', tag: 'x' } }],
    ["name LIKE 'a\\%%'", { is: 'like', field: column('name'), pattern: 'a\\%%' }],
    ['value IS NOT NULL', { is: 'not', node: { is: 'null', field: column('value') } }],
    ['number NOT IN (1,2)', { is: 'not', node: { is: 'in', field: column('number'), values: [1, 2] } }],
    ['  ', null],
  ])('reads %s', (text, tree) => {
    expect(parseTrialFilter(text)).toEqual(tree);
  });

  it('binds NOT closer than AND, and AND closer than OR', () => {
    const [a, b, c] = [1, 2, 3].map((n) => compare(column('number'), '=', n));

    expect(parseTrialFilter('NOT number = 1 AND number = 2 OR number = 3')).toEqual({
      is: 'or',
      nodes: [{ is: 'and', nodes: [{ is: 'not', node: a }, b] }, c],
    });
    expect(parseTrialFilter('number = 1 and (number = 2 or number = 3)')).toEqual({
      is: 'and',
      nodes: [a, { is: 'or', nodes: [b, c] }],
    });
  });

  it.each([
    ['layers = 4', '^^^^^^', 'there is no field layers'],
    ['params.layers = ', '                ^', 'expected a number, a text in quotes'],
    ['params.opt = adam', '             ^^^^', 'texts go into quotes'],
    ['state = DONE', '        ^^^^', 'expected WAITING, RUNNING'],
    ['state > RUNNING', '      ^', 'expected =, !='],
    ['metrics.loss LIKE "a"', '             ^^^^', 'expected ='],
    ['metrics.loss < NaN', '               ^^^', 'NaN is neither'],
    ['(number = 1', '           ^', 'expected AND, OR, )'],
    ['number = 1 number = 2', '           ^^^^^^', 'expected AND, OR'],
    ['name = "open', '       ^^^^^', 'closing " is missing'],
    ['number = 1 ; DROP TABLE trial', '           ^', '";" means nothing here'],
    ['params.2nd = 1', '       ^^', 'goes into backticks'],
    ["created > '2026-13-45'", '          ^^^^^^^^^^^^', "'2026-11-25'"],
    ["created > '0000-01-01'", '          ^^^^^^^^^^^^', "'2026-11-25'"],
    ["name LIKE 'a\\'", '          ^^^^', 'backslash'],
    ['tags = "x"', '     ^', 'expected HAS'],
    ['name = "a\0"', '         ^', 'no character'],
  ])('points at the place in %s', (text, caret, message) => {
    expect(marked(text)).toBe(caret);
    expect(problemOf(text).message).toContain(message);
  });

  it('keeps the limits of length, depth and nodes', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}number = 1${')'.repeat(depth)}`;
    const many = (nodes: number) => Array.from({ length: nodes - 1 }, () => 'number = 1').join(' OR ');
    const padded = (bytes: number) => 'number = 1'.padEnd(bytes);

    expect(parseTrialFilter(nested(FILTER_LIMITS.depth))).not.toBeNull();
    expect(marked(nested(FILTER_LIMITS.depth + 1))).toBe(`${' '.repeat(FILTER_LIMITS.depth)}^`);
    expect(parseTrialFilter(many(FILTER_LIMITS.nodes))).not.toBeNull();
    expect(problemOf(many(FILTER_LIMITS.nodes + 1)).message).toContain('50 conditions');
    expect(parseTrialFilter(padded(FILTER_LIMITS.bytes))).not.toBeNull();
    expect(problemOf(padded(FILTER_LIMITS.bytes + 1)).message).toContain('1024 bytes');
  });

  it('answers any text with a tree or a place in it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'params',
        'metrics',
        '.',
        '`',
        '"',
        "'",
        '(',
        ')',
        'NOT ',
        'AND ',
        'state',
        '= ',
        'IN',
        ' 1e9',
        '\\',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        try {
          parseTrialFilter(text);
        } catch (error) {
          if (!isPlatformError(error) || error.code !== 'FILTER_INVALID') throw error;
          const { position, length } = (error.data.problems as FilterProblem[])[0]!;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position + length).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
