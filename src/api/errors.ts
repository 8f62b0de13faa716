/** Errors as clients see them: codes of the closed table, what to do next, and nothing of our insides. The same for HTTP and WebSocket. */
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { ERRORS, type ErrorCode, isPlatformError, PlatformError } from '../domain/errors.js';
import type { Deps } from '../service/deps.js';

/** What goes wrong before a resolver runs is the client's doing; Apollo names it with these codes. */
const CLIENT_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
const RETRY_AFTER_SECONDS = 1;
const HINT = /,? ?Did you mean .*$/s;
const TOO_MANY_TOKENS = /tokens\. Parsing aborted/;

type Reporter = Pick<Deps, 'log' | 'random'>;

/** The error to send for whatever was thrown. What is not in the table becomes INTERNAL, and its text goes to the log only. */
export function toPlatformError(error: unknown, reporter: Reporter): PlatformError {
  if (isPlatformError(error) && error.code !== 'INTERNAL') return error;
  const id = reporter.random(6).toString('hex');
  reporter.log(`error ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new PlatformError('INTERNAL', `something broke on our side; the server's log has it under ${id}`, { id });
}

/** The `extensions` of an error: its data, then the code and the advice, which no data can overwrite. */
export function extensionsOf(error: PlatformError): Record<string, unknown> {
  return { ...error.data, code: error.code, retry: ERRORS[error.code].retry };
}

/** One error of a GraphQL answer. `isBeforeExecution`: from parsing, validation or variables, thus the client's. */
export function formatGraphQLError(
  error: unknown,
  reporter: Reporter,
  isBeforeExecution = false,
): GraphQLFormattedError {
  const graphql = error instanceof GraphQLError ? error : null;
  const platform =
    graphql === null || !isClientError(graphql, isBeforeExecution)
      ? toPlatformError(originOf(error), reporter)
      : refusalOf(graphql);
  return {
    message: platform.message,
    ...(graphql?.locations ? { locations: graphql.locations } : {}),
    ...(graphql?.path ? { path: graphql.path } : {}),
    extensions: extensionsOf(platform),
  };
}

/** Seconds after which it is worth trying again; null when it never is. */
export function retryAfterSeconds(code: ErrorCode, data: Readonly<Record<string, unknown>>): number | null {
  if (ERRORS[code].retry !== 'later') return null;
  const said = Number(data.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
  return Number.isFinite(said) && said > 0 ? Math.ceil(said) : RETRY_AFTER_SECONDS;
}

/**
 * How HTTP should answer a GraphQL reply that brings nothing but a refusal to be tried later: balancers and clients in
 * between read status and Retry-After, not our codes. Null: as any other reply.
 */
export function refusalToHttp(
  data: Readonly<Record<string, unknown>> | null | undefined,
  errors: readonly GraphQLFormattedError[] | undefined,
): { readonly status: number; readonly retryAfter: number } | null {
  const hasData = Object.values(data ?? {}).some((value) => value !== null);
  const said = errors?.[0]?.extensions ?? {};
  const code = String(said.code);
  if (hasData || !(code in ERRORS)) return null;
  const retryAfter = retryAfterSeconds(code as ErrorCode, said);
  return retryAfter === null ? null : { status: ERRORS[code as ErrorCode].status, retryAfter };
}

/** A GraphQLError that carries a PlatformError through libraries that know only those; `http.status` is for Apollo. */
export function asGraphQLError(error: PlatformError): GraphQLError {
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { http: { status: ERRORS[error.code].status } },
  });
}

/** The body of an HTTP answer outside of GraphQL, in GraphQL's form: clients parse one shape. */
export function errorBody(error: PlatformError): { errors: GraphQLFormattedError[] } {
  return { errors: [{ message: error.message, extensions: extensionsOf(error) }] };
}

function isClientError(error: GraphQLError, isBeforeExecution: boolean): boolean {
  if (isPlatformError(originOf(error))) return false;
  if (isBeforeExecution || (error.path === undefined && CLIENT_CODES.has(error.extensions.code))) return true;
  // A variable or argument that does not fit its type: what resolvers throw is placed at a field.
  const kind = error.nodes?.[0]?.kind;
  return kind !== undefined && kind !== Kind.FIELD && kind !== Kind.OPERATION_DEFINITION;
}

function refusalOf(error: GraphQLError): PlatformError {
  const code: ErrorCode = TOO_MANY_TOKENS.test(error.message) ? 'QUERY_TOO_COSTLY' : 'BAD_REQUEST';
  return new PlatformError(code, error.message.replace(HINT, ''));
}

/** What was thrown first, below the GraphQLErrors that were wrapped around it. */
function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}
