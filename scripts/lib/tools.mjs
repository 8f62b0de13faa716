/** What the scripts share: where the tree is, how an installed tool is started, and how long things took. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const PACKAGE_OF = {
  biome: '@biomejs/biome',
  depcruise: 'dependency-cruiser',
  'graphql-codegen': '@graphql-codegen/cli',
  knip: 'knip',
  tsc: '@typescript/native',
  vite: 'vite',
  vitest: 'vitest',
};

/** The script file of an installed tool, to be run by node. */
export function binary(name) {
  const folder = path.join(ROOT, 'node_modules', PACKAGE_OF[name]);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
}

/** Runs a program in the tree and returns its exit code and all that it said. Signals count as failures. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, ...options });
    let output = '';
    const hear = (chunk) => {
      output += chunk;
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}

/** Runs an installed tool by its name. */
export function runTool(name, args) {
  return run(process.execPath, [binary(name), ...args]);
}

/** Prints lines that begin with the seconds since this call. */
export function stopwatch(label) {
  const begin = performance.now();
  return (line) => console.log(`[${label} ${((performance.now() - begin) / 1000).toFixed(1)} s] ${line}`);
}
