/** Turns what the server says into exceptions: one class per code of schema/errors.json. */

import { type Retry, TrialgraphError } from './error.js';
import { ERROR_CLASSES, type ErrorCode } from './generated/errors.js';

export { NetworkError, type Retry, TrialgraphError } from './error.js';
export * from './generated/errors.js';

/** An error as GraphQL carries it. */
export interface GraphqlError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The exception for an error of the server; a code this SDK does not know becomes a plain TrialgraphError. */
export function toException(error: GraphqlError): TrialgraphError {
  const { code: found, retry: said, ...data } = error.extensions ?? {};
  const code = typeof found === 'string' ? found : 'BAD_REQUEST'; // our server states a code: this is GraphQL's own
  const row = isErrorCode(code) ? ERROR_CLASSES[code] : undefined;
  const retry = isRetry(said) ? said : (row?.retry ?? 'never');
  const type: typeof TrialgraphError = row?.type ?? TrialgraphError;
  return new type(code, error.message, retry, data);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CLASSES, code);
}

function isRetry(value: unknown): value is Retry {
  return value === 'never' || value === 'same' || value === 'later';
}
