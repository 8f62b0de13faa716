/** The npm packages: installed exactly as package-lock.json says, and again when it changes. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ROOT, run } from './tools.mjs';

const LOCK_FILE = path.join(ROOT, 'package-lock.json');
const MODULES = path.join(ROOT, 'node_modules');
const MARKER = path.join(MODULES, '.trialgraph-setup.json');

export function isInstalled() {
  return readJson(MARKER)?.lock === lockHash();
}

export async function installIfStale(say) {
  if (isInstalled()) return;
  if (!isWhatTheLockSays()) await install(say);
  writeFileSync(MARKER, `${JSON.stringify({ lock: lockHash(), node: process.version })}\n`);
}

async function install(say) {
  say('installing packages (npm ci)');
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await runNpm(args);
  if (code !== 0) throw new Error(`npm ci failed (exit ${code}):\n${output}\nIs the package registry reachable?`);
  say('packages are installed');
}

/** Runs the npm that runs us, or the one on the PATH. */
export function runNpm(args, options = {}) {
  const runner = process.env.npm_execpath;
  if (runner?.endsWith('npm-cli.js')) return run(process.execPath, [runner, ...args], options);
  return run('npm', args, { shell: process.platform === 'win32', ...options });
}

/** An install made by hand counts too: npm notes in node_modules what it put there. */
function isWhatTheLockSays() {
  const wanted = readJson(LOCK_FILE)?.packages;
  const installed = readJson(path.join(MODULES, '.package-lock.json'))?.packages;
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    if (place === '') return true;
    const found = installed[place];
    return found === undefined ? optional === true : found.version === version && existsSync(path.join(ROOT, place));
  });
}

function lockHash() {
  return createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
