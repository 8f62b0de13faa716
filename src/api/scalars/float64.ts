import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** Numbers that JSON cannot carry, by the text that stands for them. */
export const SPECIAL_FLOATS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** One IEEE double, bit for bit (NaN has one bit pattern). */
export const Float64 = new GraphQLScalarType<number, number | string>({
  name: 'Float64',
  description:
    'A 64-bit float without loss: a JSON number when finite, otherwise one of the strings "NaN", "Infinity", "-Infinity"; negative zero is "-0".',
  serialize: (value) => serializeFloat(value),
  parseValue: (value) => parseFloat64(value),
  parseLiteral: (node) => parseFloat64(literal(node)),
});

/** The number that a JSON value stands for, null when it stands for none. */
export function readFloat(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && Object.hasOwn(SPECIAL_FLOATS, value)) return SPECIAL_FLOATS[value] ?? null;
  return null;
}

function parseFloat64(value: unknown): number {
  const number = readFloat(value);
  if (number === null)
    throw new GraphQLError('Float64 must be a number or one of "NaN", "Infinity", "-Infinity", "-0"');
  return number;
}

function serializeFloat(value: unknown): number | string {
  if (typeof value !== 'number') throw new TypeError(`Float64 cannot send a ${typeof value}`);
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function literal(node: ValueNode): unknown {
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT) return node.value === '-0' ? -0 : Number(node.value);
  return node.kind === Kind.STRING ? node.value : null;
}
