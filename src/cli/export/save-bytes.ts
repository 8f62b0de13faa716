/** Writes a download: to a file that appears when it is whole, or to standard output. */
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError } from '../output.js';

const PROGRESS_MS = 250;

/** @throws CommandError when the download or the writing fails; no file is left then, and one that was there stays. */
export async function saveBytes(
  bytes: ReadableStream<Uint8Array>,
  path: string | null,
  signal: AbortSignal,
): Promise<void> {
  const source = Readable.fromWeb(bytes as Parameters<typeof Readable.fromWeb>[0]);
  try {
    if (path === null) await pipeline(source, counted(), process.stdout, { signal, end: false });
    else if (await isSpecial(path)) await pipeline(source, counted(), createWriteStream(path), { signal });
    else await writeWhole(source, path, signal);
  } catch (error) {
    if (isGone(error)) return;
    if (signal.aborted) throw new CommandError('stopped before the export was whole', 130);
    throw new CommandError(`the export was not completed: ${messageOf(error)}`);
  }
}

/** Beside the file itself, so that a rename puts it in place at once. */
async function writeWhole(source: Readable, path: string, signal: AbortSignal): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.partial`);
  try {
    await pipeline(source, counted(), createWriteStream(partial, { flags: 'wx', flush: true }), { signal });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** A pipe or a device is written to: in its place there must be no file. */
async function isSpecial(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw new Error(`${path} is a folder`);
  return found !== null && !found.isFile();
}

/** Passes bytes on, and tells a person who watches how many they were. */
function counted(): Transform {
  const isWatched = process.stderr.isTTY;
  let total = 0;
  let shownAt = 0;
  const show = (end: string) => process.stderr.write(`\r${(total / 1e6).toFixed(1)} MB${end}`);
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      total += chunk.length;
      if (isWatched && performance.now() - shownAt > PROGRESS_MS) {
        shownAt = performance.now();
        show('');
      }
      done(null, chunk);
    },
    flush(done) {
      if (isWatched) show('\n');
      done();
    },
  });
}

/** Whether the reader of our output had seen enough (`| head`). */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

/** What broke a download stands below what `fetch` says of it. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
