/** Numbers as they travel: columns are base64 of packed little-endian float64, single ones are JSON or a name. */

/** A float64 in JSON: what JSON cannot say is a string. */
export type Float64Json = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

/** The base64 text of `values` [n]; every bit is kept. */
export function encodeColumn(values: Float64Array | readonly number[]): string {
  const column = values instanceof Float64Array ? values : Float64Array.from(values);
  return encodeBytes(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
}

/** The numbers of a base64 column, in memory of their own. */
export function decodeColumn(text: string): Float64Array {
  const bytes = decodeBytes(text);
  return new Float64Array(bytes.buffer, 0, Math.floor(bytes.byteLength / 8));
}

/** The JSON form of any float64. */
export function encodeFloat(value: number): Float64Json {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  if (value === Number.NEGATIVE_INFINITY) return '-Infinity';
  return Object.is(value, -0) ? '-0' : value;
}

/** The number behind its JSON form. */
export function decodeFloat(value: Float64Json): number {
  return Number(value);
}

/** Node's Buffer, several times faster than what browsers have. */
const node = (globalThis as { Buffer?: NodeBuffer }).Buffer;

interface NodeBuffer {
  from(bytes: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string };
  from(text: string, encoding: 'base64'): Uint8Array;
}

function encodeBytes(bytes: Uint8Array): string {
  if (node) return node.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  let text = '';
  const SLICE = 0x8000; // more arguments overflow the stack of String.fromCharCode
  for (let at = 0; at < bytes.length; at += SLICE) text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(text);
}

function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  if (node) return Uint8Array.from(node.from(text, 'base64')); // a copy: pooled buffers are not aligned
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
