import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeColumn, decodeFloat, encodeColumn, encodeFloat } from '../../sdk/typescript/columns.js';

const doubles = fc.double({ noDefaultInfinity: false, noNaN: false });

test('a column comes back bit for bit, -0, NaN, infinities and subnormals included', () => {
  const special = [0, -0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, -5e-324, Number.MAX_VALUE];

  fc.assert(
    fc.property(fc.array(doubles), (some) => {
      const values = Float64Array.from([...special, ...some]);

      expect(bits(decodeColumn(encodeColumn(values)))).toEqual(bits(values));
    }),
  );
});

test('a single number comes back through JSON as it was', () => {
  fc.assert(
    fc.property(doubles, (value) => {
      const back = decodeFloat(JSON.parse(JSON.stringify(encodeFloat(value))));

      expect(Object.is(back, value)).toBe(true);
    }),
  );
});

test('a column can be a part of a larger buffer', () => {
  const part = new Float64Array([1, 2, 3, 4]).subarray(1, 3);

  expect([...decodeColumn(encodeColumn(part))]).toEqual([2, 3]);
});

function bits(values: Float64Array): BigUint64Array {
  return new BigUint64Array(values.buffer, values.byteOffset, values.length);
}
