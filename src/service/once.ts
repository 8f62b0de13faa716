/**
 * The transaction of a mutation that a client may retry: the first request with a `clientRequestId` does the work and
 * keeps the reply in the same transaction; every later one gets that reply and changes nothing (rule 5).
 */
import { createHash } from 'node:crypto';
import { PlatformError } from '../domain/errors.js';
import { type Principal, principalName } from '../domain/roles.js';
import type { Lane, Sql } from '../store/database.js';
import { type ClientRequestKey, claimRequest, findRequest, storeReply } from '../store/queries/client-request.js';
import type { Deps } from './deps.js';
import { keepReply, reviveReply } from './reply.js';

const MAX_REQUEST_ID = 200;
const PRINTABLE = /^[\x21-\x7e]+$/;

export interface Request {
  /** The verb's name, e.g. `createProject`. */
  readonly operation: string;
  readonly clientRequestId: string | null | undefined;
  /** The verb's input; `clientRequestId` in it is not looked at. */
  readonly input: unknown;
}

export interface OnceOptions<Reply> {
  /** Where its transaction runs; by default with the verbs of people and scripts. */
  readonly lane?: Lane;
  /** What is kept of the reply; by default all. Leave secrets out. */
  keep?(reply: Reply): unknown;
  /** Makes the reply of a retry from what was kept, in the retry's transaction; by default as it was kept. */
  onReplay?(kept: Reply, tx: Sql): Promise<Reply>;
}

/**
 * The reply of `work`, or of the request with the same id before. Failures are not kept: a retry tries again.
 * @throws REQUEST_ID_REUSED when the id came with another operation or input; INPUT_INVALID when it is malformed.
 */
export async function once<Reply>(
  deps: Deps,
  principal: Principal,
  request: Request,
  work: (tx: Sql) => Promise<Reply>,
  options: OnceOptions<Reply> = {},
): Promise<Reply> {
  const key = keyOf(principal, request);
  const { transaction } = options.lane ?? deps.database;
  if (key === null) return transaction(work);
  return transaction(async (tx) => {
    if (!(await claimRequest(tx, key))) return replay(tx, key, options);
    const reply = await work(tx);
    await storeReply(tx, key, keepReply(options.keep === undefined ? reply : options.keep(reply)));
    return reply;
  });
}

async function replay<Reply>(tx: Sql, key: ClientRequestKey, options: OnceOptions<Reply>): Promise<Reply> {
  const earlier = await findRequest(tx, key);
  // Forgotten between the two statements: it was older than a day.
  if (earlier === null) throw reused(key);
  if (earlier.operation !== key.operation || earlier.inputHash !== key.inputHash) throw reused(key);
  const kept = reviveReply((earlier.reply as { readonly reply?: unknown } | null)?.reply) as Reply;
  return options.onReplay === undefined ? kept : options.onReplay(kept, tx);
}

function keyOf(principal: Principal, request: Request): ClientRequestKey | null {
  const requestId = request.clientRequestId;
  if (requestId === null || requestId === undefined) return null;
  if (requestId.length > MAX_REQUEST_ID || !PRINTABLE.test(requestId)) {
    throw new PlatformError(
      'INPUT_INVALID',
      `clientRequestId must be 1 to ${MAX_REQUEST_ID} printable ASCII characters`,
    );
  }
  return {
    principal: principalName(principal),
    requestId,
    operation: request.operation,
    inputHash: hash(request.input),
  };
}

function hash(input: unknown): string {
  const body = typeof input === 'object' && input !== null ? { ...input, clientRequestId: undefined } : input;
  return createHash('sha256')
    .update(JSON.stringify(sorted(keepReply(body))) ?? '')
    .digest('hex');
}

/** The same value with the keys of every object in order: spelling must not make two requests of one. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

function reused(key: ClientRequestKey): PlatformError {
  return new PlatformError(
    'REQUEST_ID_REUSED',
    `clientRequestId ${key.requestId} was used for another request; make a new one`,
  );
}
