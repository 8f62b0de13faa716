/** Which account the server runs as, and what that account can reach. Postgres refuses to run as root. */

import { readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const UNPRIVILEGED = ['postgres', 'nobody'];

/** True when this process is root and must hand the server to another account. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * An existing account without privileges; initdb wants one with a passwd entry.
 * @throws Error when the machine has neither `postgres` nor `nobody`.
 */
export function unprivilegedAccount(): Account {
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of UNPRIVILEGED) {
    const row = rows.find((fields) => fields[0] === name);
    const [uid, gid] = [Number(row?.[2]), Number(row?.[3])];
    if (uid > 0 && gid > 0) return { name, uid, gid };
  }
  throw new Error(
    'Postgres refuses to run as root, and this machine has no account postgres or nobody; ' +
      'start Trialgraph as an ordinary user, or set DATABASE_URL',
  );
}

/** The account that owns a file, for clusters that exist already. */
export function ownerOf(file: string): Account {
  const { uid, gid } = statSync(file);
  return { name: `uid ${uid}`, uid, gid };
}

/** Whether the account may enter every folder on the way to `target`, and read and enter `target` itself. */
export function canReach(account: Account, target: string): boolean {
  const parts = ancestors(target);
  const READ_AND_ENTER = 5;
  const ENTER = 1;
  return parts.every((part, index) => {
    const stats = statSync(part, { throwIfNoEntry: false });
    if (stats === undefined) return true;
    const wanted = index === parts.length - 1 ? READ_AND_ENTER : ENTER;
    return (permissions(account, stats) & wanted) === wanted;
  });
}

function ancestors(target: string): string[] {
  const parent = path.dirname(target);
  return parent === target ? [target] : [...ancestors(parent), target];
}

function permissions(account: Account, stats: Stats): number {
  if (stats.uid === account.uid) return (stats.mode >> 6) & 7;
  if (stats.gid === account.gid) return (stats.mode >> 3) & 7;
  return stats.mode & 7;
}
