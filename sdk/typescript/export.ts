/** Downloads of points and trials as files, as a stream of their bytes. */

import { type Client, refusalOf } from './client.js';
import { NetworkError } from './errors.js';

export type ExportFormat = 'csv' | 'arrow';

export interface ExportOptions {
  /** Default `csv`; `arrow` is the IPC stream format. */
  readonly format?: ExportFormat | undefined;
  /** Metric keys; default all. */
  readonly keys?: readonly string[] | undefined;
  /** Which trials, in the language of filters; of a table of trials only. */
  readonly where?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes of a download, as they come; reading slowly holds the server back. An answer that is cut short makes the
 * stream fail: what ended well is whole.
 *
 * @throws NOT_FOUND, FILTER_INVALID, FORBIDDEN …; NetworkError when the server does not answer.
 */
export async function openExport(
  client: Client,
  what: 'metrics' | 'trials',
  experimentId: string,
  { format = 'csv', keys = [], where, signal }: ExportOptions,
): Promise<ReadableStream<Uint8Array>> {
  const query = new URLSearchParams({ experiment: experimentId, format });
  for (const key of keys) query.append('key', key);
  if (where !== undefined && where !== '') query.set('where', where);
  const response = await fetch(`${client.url}/export/${what}?${query}`, {
    headers: client.authorization,
    signal: signal ?? null,
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new NetworkError(`${client.url} does not answer: ${String(error)}`, error);
  });
  if (!response.ok) throw refusalOf(response.status, await response.text());
  if (response.body === null) throw new NetworkError(`${client.url} answered without a body`);
  return response.body;
}
