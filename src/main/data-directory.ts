/** The data folder: one server at a time, and the secrets that stay on this machine. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from './config.js';
import { type ProcessLock, takeProcessLock } from './process-lock.js';

/**
 * Takes the folder for this process.
 * @throws ConfigError when a live server has it, naming its pid and address.
 */
export async function lockDataDirectory(directory: string, url: string): Promise<ProcessLock> {
  await mkdir(directory, { recursive: true });
  const lock = await takeProcessLock(join(directory, 'server.lock'), url);
  if ('release' in lock) return lock;
  throw new ConfigError(
    `a server is running on ${directory} already: pid ${lock.pid}, ${lock.note}. Open that, or choose another TRIALGRAPH_DATA_DIR`,
  );
}

/** The text of a 0600 file, made by `create` when it is absent. */
export async function keepSecret(path: string, create: () => string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => null);
  if (kept !== null && kept !== '') return kept;
  const secret = create();
  await writeSecret(path, secret);
  return secret;
}

/** Writes a 0600 file so that a reader sees the old text or the new one. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, text, { mode: 0o600 });
  await rename(temporary, path);
}
