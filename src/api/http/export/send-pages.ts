/** Sends a table as a download, page by page: the first before anything is said, the others as the client takes them. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { isPlatformError } from '../../../domain/errors.js';
import type { Deps } from '../../../service/deps.js';
import { toPlatformError } from '../../errors.js';

/** What is still to be read, with the first page read already: what is refused is refused before the answer begins. */
export async function begun<Page>(pages: AsyncGenerator<Page, void>): Promise<AsyncGenerator<Page, void>> {
  const first = await pages.next();
  return (async function* () {
    try {
      if (first.done !== true) yield first.value;
      yield* pages;
    } finally {
      await pages.return();
    }
  })();
}

export interface Download {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/**
 * Streams the bytes; a client that leaves ends the reading. What fails after the first byte can only cut the answer
 * short: its last chunk is missing, which every HTTP client notices.
 */
export function sendDownload(reply: FastifyReply, deps: Deps, { fileName, mediaType, bytes }: Download): FastifyReply {
  return reply
    .header('content-type', mediaType)
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
    .header('cache-control', 'private, no-store')
    .send(Readable.from(logged(bytes, deps), { highWaterMark: 1 }));
}

/** Words for a file's name: what is not a letter, a digit, a dot or a dash becomes a dash. */
export function fileNameOf(words: readonly string[], extension: string): string {
  const plain = words
    .map((word) => word.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, ''))
    .map((word) => word.slice(0, 60))
    .filter((word) => word !== '');
  return `${plain.join('-')}.${extension}`;
}

async function* logged(bytes: AsyncGenerator<Uint8Array>, deps: Deps): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    const { message } = toPlatformError(error, deps);
    if (isPlatformError(error)) deps.log(`an export was cut short: ${message}`);
    throw error;
  }
}
