/** The SDK for pages: requests, subscriptions, types. No spool and no files. */

export { Client, type RequestOptions } from './client.js';
export { decodeColumn, decodeFloat } from './columns.js';
export type { DocumentText } from './document.js';
export * from './errors.js';
export * from './generated/operations.js';
