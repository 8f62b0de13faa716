/** Series travel as columns (rule 12): packed little-endian doubles in base64, a tenth of the cost of point objects. */
import { endianness } from 'node:os';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { readFloat } from './float64.js';

const BYTES = Float64Array.BYTES_PER_ELEMENT;
const SWAP = endianness() === 'BE';

/** A column of doubles, bit for bit. */
export const Float64Column = new GraphQLScalarType<Float64Array, string>({
  name: 'Float64Column',
  description:
    'A column of 64-bit floats: base64 (RFC 4648, padded) of the packed little-endian bytes. As input a JSON list of numbers, "NaN", "Infinity", "-Infinity" and "-0" is accepted too; the answer is always base64.',
  serialize: (value) => encodeColumn(value),
  parseValue: (value) => decodeColumn(value),
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return decodeColumn(node.value);
    throw new GraphQLError('Float64Column must be sent in a variable, or as a base64 string');
  },
});

/** The bytes of a column in base64. */
export function encodeColumn(value: unknown): string {
  if (!(value instanceof Float64Array)) throw new TypeError('Float64Column sends a Float64Array only');
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return (SWAP ? Buffer.from(bytes).swap64() : bytes).toString('base64');
}

/** The column that a base64 string or a JSON list stands for; its buffer belongs to the caller. */
export function decodeColumn(value: unknown): Float64Array {
  if (typeof value === 'string') return decodeBase64(value);
  if (Array.isArray(value)) return decodeList(value);
  throw new GraphQLError('Float64Column must be a base64 string or a list of numbers');
}

function decodeBase64(text: string): Float64Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const byteLength = (text.length / 4) * 3 - padding;
  if (text.length % 4 !== 0)
    throw new GraphQLError(`Float64Column: base64 of ${text.length} characters is cut off or not padded`);
  if (byteLength % BYTES !== 0)
    throw new GraphQLError(`Float64Column: ${byteLength} bytes are not a whole number of 8-byte floats`);
  // A fresh ArrayBuffer, written in place: slices of pooled Buffers are not aligned for a Float64Array.
  const column = new Float64Array(byteLength / BYTES);
  const bytes = Buffer.from(column.buffer);
  // Buffer skips what is not base64 and takes the URL alphabet too: only the exact spelling survives the comparison.
  if (bytes.write(text, 'base64') !== byteLength || bytes.toString('base64') !== text) {
    throw new GraphQLError(`Float64Column: not base64 at character ${firstInvalid(text)}`);
  }
  if (SWAP) bytes.swap64();
  return column;
}

function decodeList(list: readonly unknown[]): Float64Array {
  const column = new Float64Array(list.length);
  for (let i = 0; i < list.length; i += 1) {
    const number = readFloat(list[i]);
    if (number === null)
      throw new GraphQLError(`Float64Column: item ${i} is not a number nor "NaN", "Infinity", "-Infinity", "-0"`);
    column[i] = number;
  }
  return column;
}

function firstInvalid(text: string): number {
  const position = text.search(/[^A-Za-z0-9+/]/);
  return position < 0 ? text.length - 1 : position;
}
