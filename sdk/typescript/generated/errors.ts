import { TrialgraphError } from '../error.js';

export type ErrorCode = 'ARTIFACT_CORRUPT' | 'BAD_REQUEST' | 'BODY_TOO_LARGE' | 'CURSOR_EXPIRED' | 'CURSOR_INVALID' | 'FILTER_INVALID' | 'FORBIDDEN' | 'HOST_REFUSED' | 'INPUT_INVALID' | 'INTERNAL' | 'LIMIT_EXCEEDED' | 'METHOD_UNKNOWN' | 'NAME_INVALID' | 'NAME_TAKEN' | 'NOT_FOUND' | 'OVERLOADED' | 'QUERY_TOO_COSTLY' | 'RATE_LIMITED' | 'REQUEST_ID_REUSED' | 'SEARCH_FILE_INVALID' | 'SPACE_INVALID' | 'STATE_CONFLICT' | 'STORAGE_FULL' | 'UNAUTHENTICATED';

/** The bytes do not have the size or checksum that was claimed. Retry: never. */
export class ArtifactCorruptError extends TrialgraphError {}

/** The request cannot be parsed or validated. Retry: never. */
export class BadRequestError extends TrialgraphError {}

/** The request body is too large. Retry: never. */
export class BodyTooLargeError extends TrialgraphError {}

/** The cursor is too old: load again from the start. Retry: never. */
export class CursorExpiredError extends TrialgraphError {}

/** The cursor is not one of ours, or belongs to another query. Retry: never. */
export class CursorInvalidError extends TrialgraphError {}

/** The filter cannot be read; position, length and what was expected there are listed. Retry: never. */
export class FilterInvalidError extends TrialgraphError {}

/** The login or key may not do this. Retry: never. */
export class ForbiddenError extends TrialgraphError {}

/** The Host or Origin of the request is not one we serve. Retry: never. */
export class HostRefusedError extends TrialgraphError {}

/** An input value is not acceptable; the message names it. Retry: never. */
export class InputInvalidError extends TrialgraphError {}

/** Something broke on our side; the log has the id in the message. Retry: later. */
export class InternalError extends TrialgraphError {}

/** A limit of size or number was passed; the message names it. Retry: never. */
export class LimitExceededError extends TrialgraphError {}

/** No sampler or pruner of this kind is registered. Retry: never. */
export class MethodUnknownError extends TrialgraphError {}

/** A name has characters or a length that are not allowed. Retry: never. */
export class NameInvalidError extends TrialgraphError {}

/** Another object of this kind has the name already. Retry: never. */
export class NameTakenError extends TrialgraphError {}

/** It does not exist, or is not visible to you. Retry: never. */
export class NotFoundError extends TrialgraphError {}

/** The server is busy or starting: try again shortly. Retry: later. */
export class OverloadedError extends TrialgraphError {}

/** The query is too deep, too wide or too expensive. Retry: never. */
export class QueryTooCostlyError extends TrialgraphError {}

/** Too many requests: wait as Retry-After says. Retry: later. */
export class RateLimitedError extends TrialgraphError {}

/** The clientRequestId was used for another request. Retry: never. */
export class RequestIdReusedError extends TrialgraphError {}

/** The search file is not valid; line and key are listed. Retry: never. */
export class SearchFileInvalidError extends TrialgraphError {}

/** The search space is not valid; the problems are listed. Retry: never. */
export class SpaceInvalidError extends TrialgraphError {}

/** The object is in a state that does not allow this. Retry: never. */
export class StateConflictError extends TrialgraphError {}

/** The server is out of disk space. Retry: later. */
export class StorageFullError extends TrialgraphError {}

/** No valid login or key came with the request. Retry: never. */
export class UnauthenticatedError extends TrialgraphError {}

/** The exception class and retry rule of every code. */
export const ERROR_CLASSES = {
  ARTIFACT_CORRUPT: { type: ArtifactCorruptError, retry: 'never', status: 409 },
  BAD_REQUEST: { type: BadRequestError, retry: 'never', status: 400 },
  BODY_TOO_LARGE: { type: BodyTooLargeError, retry: 'never', status: 413 },
  CURSOR_EXPIRED: { type: CursorExpiredError, retry: 'never', status: 410 },
  CURSOR_INVALID: { type: CursorInvalidError, retry: 'never', status: 400 },
  FILTER_INVALID: { type: FilterInvalidError, retry: 'never', status: 400 },
  FORBIDDEN: { type: ForbiddenError, retry: 'never', status: 403 },
  HOST_REFUSED: { type: HostRefusedError, retry: 'never', status: 421 },
  INPUT_INVALID: { type: InputInvalidError, retry: 'never', status: 400 },
  INTERNAL: { type: InternalError, retry: 'later', status: 500 },
  LIMIT_EXCEEDED: { type: LimitExceededError, retry: 'never', status: 413 },
  METHOD_UNKNOWN: { type: MethodUnknownError, retry: 'never', status: 400 },
  NAME_INVALID: { type: NameInvalidError, retry: 'never', status: 400 },
  NAME_TAKEN: { type: NameTakenError, retry: 'never', status: 409 },
  NOT_FOUND: { type: NotFoundError, retry: 'never', status: 404 },
  OVERLOADED: { type: OverloadedError, retry: 'later', status: 503 },
  QUERY_TOO_COSTLY: { type: QueryTooCostlyError, retry: 'never', status: 400 },
  RATE_LIMITED: { type: RateLimitedError, retry: 'later', status: 429 },
  REQUEST_ID_REUSED: { type: RequestIdReusedError, retry: 'never', status: 409 },
  SEARCH_FILE_INVALID: { type: SearchFileInvalidError, retry: 'never', status: 400 },
  SPACE_INVALID: { type: SpaceInvalidError, retry: 'never', status: 400 },
  STATE_CONFLICT: { type: StateConflictError, retry: 'never', status: 409 },
  STORAGE_FULL: { type: StorageFullError, retry: 'later', status: 507 },
  UNAUTHENTICATED: { type: UnauthenticatedError, retry: 'never', status: 401 },
} as const;
