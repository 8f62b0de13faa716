/** The keys of this machine: one for the command line, one for the local runner, in 0600 files of the data folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserId } from '../domain/ids.js';
import type { ResourcePool } from '../domain/resource-pool.js';
import { identifyToken } from '../service/access/identify.js';
import { loadUserPrincipal } from '../service/access/load-principal.js';
import { type CreateApiKeyInput, createApiKey } from '../service/api-key/create-api-key.js';
import type { Deps } from '../service/deps.js';
import { writeSecret } from './data-directory.js';

export interface LocalKeysOptions {
  readonly directory: string;
  readonly url: string;
  readonly adminId: UserId;
  readonly pool: ResourcePool;
}

/** Writes `client.json` and `runner.json` with `{ url, apiKey }`; keys that still work are kept. */
export async function writeLocalKeys(deps: Deps, { directory, url, adminId, pool }: LocalKeysOptions): Promise<void> {
  await writeKey(deps, join(directory, 'client.json'), url, adminId, { kind: 'USER', name: 'local command line' });
  await writeKey(deps, join(directory, 'runner.json'), url, adminId, {
    kind: 'RUNNER',
    name: 'local runner',
    poolId: pool.id,
  });
}

async function writeKey(
  deps: Deps,
  path: string,
  url: string,
  adminId: UserId,
  input: CreateApiKeyInput,
): Promise<void> {
  const kept = await readKey(path);
  const works = kept !== null && (await identifyToken(deps, kept)) !== null;
  const apiKey = works ? kept : await createKey(deps, adminId, input);
  await writeSecret(path, `${JSON.stringify({ url, apiKey }, null, 2)}\n`);
}

async function createKey(deps: Deps, adminId: UserId, input: CreateApiKeyInput): Promise<string> {
  const admin = await loadUserPrincipal(deps.database.read, adminId);
  if (admin === null) throw new Error('the administrator is missing or disabled');
  return (await createApiKey(deps, admin, input)).secret;
}

async function readKey(path: string): Promise<string | null> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { apiKey?: string }).apiKey ?? null;
  } catch {
    return null;
  }
}
