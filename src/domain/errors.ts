/** The closed table of errors: every failure that leaves a room carries one of these codes, and says whether to try again. */

export type Retry = 'never' | 'same' | 'later';

interface ErrorRow {
  readonly retry: Retry;
  readonly status: number;
  readonly meaning: string;
}

export const ERRORS = {
  UNAUTHENTICATED: { retry: 'never', status: 401, meaning: 'No valid login or key came with the request.' },
  FORBIDDEN: { retry: 'never', status: 403, meaning: 'The login or key may not do this.' },
  NOT_FOUND: { retry: 'never', status: 404, meaning: 'It does not exist, or is not visible to you.' },
  INPUT_INVALID: { retry: 'never', status: 400, meaning: 'An input value is not acceptable; the message names it.' },
  NAME_INVALID: { retry: 'never', status: 400, meaning: 'A name has characters or a length that are not allowed.' },
  NAME_TAKEN: { retry: 'never', status: 409, meaning: 'Another object of this kind has the name already.' },
  SPACE_INVALID: { retry: 'never', status: 400, meaning: 'The search space is not valid; the problems are listed.' },
  SEARCH_FILE_INVALID: {
    retry: 'never',
    status: 400,
    meaning: 'The search file is not valid; line and key are listed.',
  },
  FILTER_INVALID: {
    retry: 'never',
    status: 400,
    meaning: 'The filter cannot be read; position, length and what was expected there are listed.',
  },
  METHOD_UNKNOWN: { retry: 'never', status: 400, meaning: 'No sampler or pruner of this kind is registered.' },
  STATE_CONFLICT: { retry: 'never', status: 409, meaning: 'The object is in a state that does not allow this.' },
  REQUEST_ID_REUSED: { retry: 'never', status: 409, meaning: 'The clientRequestId was used for another request.' },
  CURSOR_INVALID: {
    retry: 'never',
    status: 400,
    meaning: 'The cursor is not one of ours, or belongs to another query.',
  },
  CURSOR_EXPIRED: { retry: 'never', status: 410, meaning: 'The cursor is too old: load again from the start.' },
  LIMIT_EXCEEDED: {
    retry: 'never',
    status: 413,
    meaning: 'A limit of size or number was passed; the message names it.',
  },
  QUERY_TOO_COSTLY: { retry: 'never', status: 400, meaning: 'The query is too deep, too wide or too expensive.' },
  BODY_TOO_LARGE: { retry: 'never', status: 413, meaning: 'The request body is too large.' },
  BAD_REQUEST: { retry: 'never', status: 400, meaning: 'The request cannot be parsed or validated.' },
  HOST_REFUSED: { retry: 'never', status: 421, meaning: 'The Host or Origin of the request is not one we serve.' },
  ARTIFACT_CORRUPT: {
    retry: 'never',
    status: 409,
    meaning: 'The bytes do not have the size or checksum that was claimed.',
  },
  RATE_LIMITED: { retry: 'later', status: 429, meaning: 'Too many requests: wait as Retry-After says.' },
  OVERLOADED: { retry: 'later', status: 503, meaning: 'The server is busy or starting: try again shortly.' },
  STORAGE_FULL: { retry: 'later', status: 507, meaning: 'The server is out of disk space.' },
  INTERNAL: { retry: 'later', status: 500, meaning: 'Something broke on our side; the log has the id in the message.' },
} as const satisfies Readonly<Record<string, ErrorRow>>;

export type ErrorCode = keyof typeof ERRORS;

/** An error that may cross a room's wall. The message names the thing and the remedy; `data` holds facts for programs. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** Recognises a PlatformError by its code, not by its class: two copies of a module may meet. */
export function isPlatformError(error: unknown): error is PlatformError {
  return error instanceof Error && error.name === 'PlatformError' && 'code' in error && String(error.code) in ERRORS;
}
