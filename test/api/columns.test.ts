import { describe, expect, test } from 'vitest';
import { Float64 } from '../../src/api/scalars/float64.js';
import { decodeColumn, encodeColumn, Float64Column } from '../../src/api/scalars/float64-column.js';
import { SafeInt } from '../../src/api/scalars/safe-int.js';

const HARD = [0, -0, 1.5, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 0.1 + 0.2, -1e-310];

describe('Float64Column', () => {
  test('comes back bit for bit through base64', () => {
    const column = Float64Array.from(HARD);

    const back = decodeColumn(encodeColumn(column));

    expect(bits(back)).toEqual(bits(column));
  });

  test('reads the bytes of a view that is not aligned in its buffer', () => {
    const view = new Float64Array(Float64Array.from([9, ...HARD]).buffer, 8);

    expect(bits(decodeColumn(encodeColumn(view)))).toEqual(bits(Float64Array.from(HARD)));
  });

  test('takes a list with texts for what JSON cannot carry', () => {
    const back = Float64Column.parseValue([0, '-0', 1.5, 'NaN', 'Infinity', '-Infinity']);

    expect(bits(back)).toEqual(bits(Float64Array.from([0, -0, 1.5, Number.NaN, Infinity, -Infinity])));
  });

  test('an empty column is an empty text', () => {
    expect(encodeColumn(new Float64Array())).toBe('');
    expect(decodeColumn('')).toHaveLength(0);
  });

  test.each([
    ['a character that is not base64', 'AAAAA!AAAAA=', /character 5/],
    ['the URL alphabet', '-AAAAAAAAAA=', /character 0/],
    ['a text that is cut off', 'AAAAAAAAAA', /10 characters/],
    ['bytes that are no whole number of floats', 'AAAA', /3 bytes/],
    ['white space', 'AAAAA AAAAA=', /character 5/],
    ['stray bits at the end', 'AAAAAAAAAAB=', /character/],
    ['a list with a null', [1, null], /item 1/],
    ['a list with a text that is no number', [1, 2, '3'], /item 2/],
    ['a list with a name of Object.prototype', ['constructor'], /item 0/],
    ['a number', 3, /base64 string or a list/],
  ])('refuses %s, and says where', (_what, value, message) => {
    expect(() => Float64Column.parseValue(value)).toThrow(message);
  });

  test('decodes a million floats in well under a second', () => {
    const text = encodeColumn(new Float64Array(1_000_000).fill(1.1));
    const startedAt = performance.now();

    decodeColumn(text);

    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('Float64', () => {
  test.each(HARD)('%d comes back the same through JSON', (value) => {
    const sent = JSON.parse(JSON.stringify(Float64.serialize(value)));

    expect(Object.is(Float64.parseValue(sent), value)).toBe(true);
  });

  test.each([null, '1', true, {}, 'nan'])('refuses %j', (value) => {
    expect(() => Float64.parseValue(value)).toThrow(/Float64/);
  });
});

describe('SafeInt', () => {
  test.each([2 ** 53 - 1, -(2 ** 53 - 1), 0])('takes %d', (value) => {
    expect(SafeInt.parseValue(value)).toBe(value);
  });

  test.each([2 ** 53, 0.5, Number.NaN, '1', null, true])('refuses %j', (value) => {
    expect(() => SafeInt.parseValue(value)).toThrow(/SafeInt/);
  });
});

function bits(column: Float64Array): string[] {
  return [...new BigUint64Array(column.buffer.slice(column.byteOffset, column.byteOffset + column.byteLength))].map(
    String,
  );
}
