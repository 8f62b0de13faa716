/**
 * Where the cluster lives and who runs it. In the directory that was asked for, unless we are root and the server's
 * account cannot get there (as under a home folder of mode 700): then in a shared folder, with a note left behind.
 */

import { createHash } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Account, canReach, isRoot, ownerOf, unprivilegedAccount } from './account.js';

export interface Place {
  /** Holds the cluster, the server's log, and the list of its users. */
  readonly home: string;
  /** Holds copies of the binaries, where the package's own cannot be used in place. */
  readonly copies: string;
  /** The account to run the server as; absent when it runs as we do. */
  readonly account: Account | undefined;
}

const SHARED = '/var/lib/trialgraph';
const NOTE = 'moved-to';

/**
 * The place for `directory`, made if it is not there.
 * @throws Error when the directory belongs to somebody else or cannot be written.
 */
export function choosePlace(directory: string, log: (line: string) => void): Place {
  mkdirSync(directory, { recursive: true });
  const real = realpathSync(directory);
  const moved = readNote(real);
  if (!isRoot()) return placeOfOrdinaryUser(moved ?? real);

  const data = dataOf(moved ?? real);
  const account = existsSync(data) ? ownedAccount(data) : unprivilegedAccount();
  if (moved === undefined && canReach(account, real)) return { home: real, copies: real, account };
  if (moved === undefined && existsSync(data)) {
    throw new Error(`account ${account.name} cannot reach its database in ${data}; let it enter the folders above`);
  }

  const home = moved ?? homeIn(makeShared(), real);
  makeOwn(home, account);
  if (moved === undefined) {
    writeFileSync(path.join(real, NOTE), `${home}\n`);
    log(`the database is kept in ${home}, since account ${account.name} cannot reach ${real}`);
  }
  return { home, copies: path.dirname(home), account };
}

/** The cluster's data folder inside a home. */
export function dataOf(home: string): string {
  return path.join(home, 'data');
}

/** Gives a file to the server's account, where that is another than ours. */
export function handOver(file: string, account: Account | undefined): void {
  if (account !== undefined) chownSync(file, account.uid, account.gid);
}

/** The note is believed only where it says what we would say: root hands the folder over to another account. */
function readNote(directory: string): string | undefined {
  const note = path.join(directory, NOTE);
  if (!existsSync(note)) return undefined;
  const home = readFileSync(note, 'utf8').trim();
  if ([SHARED, temporaryShared()].some((shared) => homeIn(shared, directory) === home)) return home;
  throw new Error(
    `${note} names a folder that is not for ${directory} (was it copied?); remove it to begin a new database`,
  );
}

function homeIn(shared: string, directory: string): string {
  return path.join(shared, createHash('sha256').update(directory).digest('hex').slice(0, 16));
}

function temporaryShared(): string {
  return path.join(realpathSync(tmpdir()), 'trialgraph-root');
}

function placeOfOrdinaryUser(home: string): Place {
  const ours = process.getuid?.();
  const data = dataOf(home);
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new Error(
      `the database directory ${home} cannot be written by this user; choose another, or set DATABASE_URL`,
    );
  }
  if (ours !== undefined && existsSync(data) && ownerOf(data).uid !== ours) {
    throw new Error(
      `the database in ${data} belongs to ${ownerOf(data).name}; ` +
        'start Trialgraph as the user that made it, or choose another directory',
    );
  }
  return { home, copies: home, account: undefined };
}

function ownedAccount(data: string): Account {
  const owner = ownerOf(data);
  return owner.uid === 0 ? unprivilegedAccount() : owner;
}

function makeShared(): string {
  try {
    mkdirSync(SHARED, { recursive: true, mode: 0o755 });
    accessSync(SHARED, constants.W_OK);
    return SHARED;
  } catch {
    const temporary = temporaryShared();
    mkdirSync(temporary, { recursive: true, mode: 0o755 });
    // Others can create names in the temporary folder: use only one that is ours.
    const stats = lstatSync(temporary);
    if (stats.isDirectory() && stats.uid === 0) return temporary;
    throw new Error(`${temporary} belongs to another user; remove it, or set DATABASE_URL`);
  }
}

function makeOwn(home: string, account: Account): void {
  mkdirSync(path.dirname(home), { recursive: true, mode: 0o755 });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, account.uid, account.gid);
}
