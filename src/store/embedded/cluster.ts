/** The cluster on disk: made once, under a temporary name, and renamed when it is whole, with its password inside. */

import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Account } from './account.js';
import type { Binaries } from './binaries.js';
import { dataOf, handOver, type Place } from './place.js';
import { spawnAs } from './spawn-as.js';

export interface Cluster {
  readonly home: string;
  readonly data: string;
  readonly password: string;
  readonly account: Account | undefined;
}

/** The server's superuser, and the name of our database. */
export const OWNER = 'trialgraph';

const PASSWORD_FILE = 'trialgraph.password';
const UNFINISHED = 'data.unfinished-';
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** The place's cluster; the first call for a place makes it. Two processes may both call: one cluster results. */
export async function prepareCluster(place: Place, binaries: Binaries, log: (line: string) => void): Promise<Cluster> {
  const data = dataOf(place.home);
  if (!existsSync(data)) await makeCluster(place, binaries, log);

  const passwordFile = path.join(data, PASSWORD_FILE);
  if (!existsSync(passwordFile)) {
    throw new Error(`${data} is not a database of Trialgraph (it has no ${PASSWORD_FILE}); choose another directory`);
  }
  return { home: place.home, data, password: readFileSync(passwordFile, 'utf8').trim(), account: place.account };
}

async function makeCluster(place: Place, binaries: Binaries, log: (line: string) => void): Promise<void> {
  const data = dataOf(place.home);
  log(`creating a database in ${data}`);
  removeAbandoned(place.home);
  const unfinished = path.join(place.home, `${UNFINISHED}${randomUUID()}`);
  const passwordFile = `${unfinished}.password`;
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    handOver(unfinished, place.account);
    writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    handOver(passwordFile, place.account);
    await initdb(unfinished, passwordFile, place, binaries);
    renameSync(passwordFile, path.join(unfinished, PASSWORD_FILE));
    renameSync(unfinished, data);
  } catch (error) {
    // Another process was first: a folder that is not empty cannot be renamed over.
    if (!existsSync(data)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

function removeAbandoned(home: string): void {
  for (const name of readdirSync(home).filter((entry) => entry.startsWith(UNFINISHED))) {
    const file = path.join(home, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    const isOld = stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_AFTER_MS;
    if (isOld) rmSync(file, { recursive: true, force: true });
  }
}

async function initdb(data: string, passwordFile: string, place: Place, binaries: Binaries): Promise<void> {
  const args = [`--pgdata=${data}`, `--username=${OWNER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', '--no-instructions');
  const child = await spawnAs(place.account, binaries.initdb, args, {
    cwd: place.home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`initdb failed (exit ${code}): ${output.trim()}`);
}
