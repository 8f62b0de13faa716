/** The SDK for pages: requests, subscriptions, types. No spool and no files. */

export {
  Client,
  type ClientOptions,
  type RequestOptions,
  type RetryOptions,
  type SubscribeOptions,
} from './client.js';
export { decodeColumn, decodeFloat, encodeColumn, encodeFloat, type Float64Json } from './columns.js';
export type { DocumentText } from './document.js';
export * from './errors.js';
export * from './generated/operations.js';
export { newRequestId } from './request-id.js';
export type { ConnectionState } from './sockets.js';
