import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** An integer that a double can hold exactly: ±(2^53 - 1). GraphQL's own Int has 32 bits only. */
export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'A whole number within ±(2^53 − 1), sent as a JSON number. Counts, sizes, steps and sequence numbers.',
  serialize: (value) => safeInteger(value),
  parseValue: (value) => safeInteger(value),
  parseLiteral: (node) => safeInteger(node.kind === Kind.INT ? Number(node.value) : null),
});

function safeInteger(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError(`SafeInt must be a whole number within ±(2^53 − 1), not ${describe(value)}`);
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a ${value === null ? 'null' : typeof value}`;
}
