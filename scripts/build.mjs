/** Builds dist/: the server, SDK, runner and examples with tsc, the dashboard with vite, both at once. */

import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { markBuilt, sourcesHash } from './lib/build-state.mjs';
import { ROOT, runTool, stopwatch } from './lib/tools.mjs';

const DIST = path.join(ROOT, 'dist');
/** Made beside dist and renamed at the end, so that a failed or running build leaves the last good one in place. */
const NEXT = path.join(ROOT, 'dist.next');

const say = stopwatch('build');
const hash = sourcesHash();
rmSync(NEXT, { recursive: true, force: true });
mkdirSync(NEXT);

const [server, dashboard] = await Promise.all([buildServer(), buildDashboard()]);
for (const { name, code, output } of [server, dashboard]) {
  if (output !== '') console.log(output);
  if (code !== 0) {
    console.error(`${name} failed`);
    process.exit(1);
  }
}
copyWhatTscLeaves();
markBuilt(NEXT, hash);
rmSync(DIST, { recursive: true, force: true });
renameSync(NEXT, DIST);
say('dist/ is built');

async function buildServer() {
  return { name: 'tsc', ...(await runTool('tsc', ['-p', 'tsconfig.build.json', '--outDir', 'dist.next'])) };
}

async function buildDashboard() {
  if (!existsSync(path.join(ROOT, 'web', 'index.html'))) {
    return { name: 'vite', code: 0, output: 'the dashboard is left out: web/index.html is not there' };
  }
  const args = ['build', '--config', 'web/vite.config.ts', '--outDir', '../dist.next/web', '--logLevel', 'warn'];
  return { name: 'vite', ...(await runTool('vite', args)) };
}

function copyWhatTscLeaves() {
  copyAll('migrations', (file) => file.endsWith('.sql'));
  copyAll('schema', () => true);
  copyAll('examples', (file) => !/\.(ts|py|pyc)$/.test(file));
  copyAll('src', (file) => /\.(json|sql|html|yaml|txt)$/.test(file));
  const command = path.join(NEXT, 'src', 'cli', 'trialgraph.js');
  if (existsSync(command)) chmodSync(command, 0o755);
}

function copyAll(folder, isWanted) {
  const source = path.join(ROOT, folder);
  if (!existsSync(source)) return;
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !isWanted(entry.name)) continue;
    const from = path.join(entry.parentPath ?? entry.path, entry.name);
    cpSync(from, path.join(NEXT, path.relative(ROOT, from)));
  }
}
