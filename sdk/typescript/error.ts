/** What all errors of the SDK have in common. Recognise one by its `code`: two copies of a module may meet. */

/** `never`: it will not help. `same`: again with the same clientRequestId. `later`: again after a while. */
export type Retry = 'never' | 'same' | 'later';

/** A refusal by the server, or `NETWORK` when it could not be reached. `data` holds facts for programs. */
export class TrialgraphError extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, retry: Retry, data: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.retry = retry;
    this.data = data;
  }
}

/** The server did not answer, or something that is not our server did. */
export class NetworkError extends TrialgraphError {
  constructor(message: string, cause?: unknown) {
    super('NETWORK', message, 'same');
    this.cause = cause;
  }
}
