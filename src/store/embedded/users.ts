/** Who uses a server: each process leaves a file with its id, so that only the last one to leave stops the server. */

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { handOver, type Place } from './place.js';
import { isAlive, lifeOf } from './processes.js';

export interface ServerUser {
  /** Signs off. Returns the ids of the live processes that still use the server. */
  leave(): number[];
}

let signedOn = 0;

/** Signs this process on as a user of the place's server; one process may sign on several times. */
export function registerUser(place: Place): ServerUser {
  const folder = path.join(place.home, 'users');
  mkdirSync(folder, { recursive: true });
  handOver(folder, place.account);
  signedOn += 1;
  const file = path.join(folder, `${lifeOf(process.pid)}-${signedOn}`);
  writeFileSync(file, '');
  return {
    leave() {
      rmSync(file, { force: true });
      return liveUsers(folder);
    },
  };
}

function liveUsers(folder: string): number[] {
  const users = readdirSync(folder).map((name) => ({ name, pid: Number(name.split('-')[0]) }));
  for (const user of users.filter((one) => !isSame(one))) rmSync(path.join(folder, user.name), { force: true });
  return users.filter(isSame).map((user) => user.pid);
}

function isSame(user: { readonly name: string; readonly pid: number }): boolean {
  return user.name.startsWith(`${lifeOf(user.pid)}-`) && isAlive(user.pid);
}
