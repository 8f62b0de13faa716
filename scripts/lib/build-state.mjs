/** Whether dist/ was built from the sources that are here now. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ROOT, run } from './tools.mjs';

const MARKER = path.join(ROOT, 'dist', '.built-from');
const SOURCES = ['src', 'migrations', 'sdk', 'examples', 'web', 'schema', 'tsconfig.json', 'tsconfig.build.json'];
const MORE_SOURCES = ['package-lock.json', 'scripts/build.mjs'];
const NOT_BUILT = new Set(['node_modules', '__pycache__', 'python']);

export function isBuilt() {
  return existsSync(MARKER) && readFileSync(MARKER, 'utf8') === sourcesHash();
}

export async function buildIfStale(say) {
  if (isBuilt()) return;
  say('building');
  const { code, output } = await run(process.execPath, [path.join(ROOT, 'scripts', 'build.mjs')]);
  if (code !== 0) throw new Error(`the build failed:\n${output}`);
  say('built');
}

/** Notes in `folder` what it was built from. The hash is taken before the build: an edit during it makes it stale. */
export function markBuilt(folder, hash) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, '.built-from'), hash);
}

/** A hash over names and contents of all that goes into the build. */
export function sourcesHash() {
  const hash = createHash('sha256');
  for (const name of [...SOURCES, ...MORE_SOURCES]) addTo(hash, name);
  return hash.digest('hex');
}

function addTo(hash, name) {
  const file = path.join(ROOT, name);
  if (!existsSync(file)) return;
  const entries = readFolder(file);
  if (entries === undefined) {
    hash.update(`${name}\0`).update(readFileSync(file));
    return;
  }
  for (const entry of entries.filter((one) => !NOT_BUILT.has(one)).sort()) addTo(hash, `${name}/${entry}`);
}

/** Undefined for what is not a folder. */
function readFolder(file) {
  try {
    return readdirSync(file);
  } catch {
    return undefined;
  }
}
