/**
 * Makes a fresh clone ready to run: packages, build and, with --browser, a Chromium for the browser tests. Only node's
 * own modules, since nothing is installed yet. Does nothing, quickly, when all is there.
 */

import { assertNode } from './lib/node-version.mjs';

assertNode();

const { buildIfStale, isBuilt } = await import('./lib/build-state.mjs');
const { installIfStale, isInstalled } = await import('./lib/install.mjs');
const { withLock } = await import('./lib/lock.mjs');
const { stopwatch } = await import('./lib/tools.mjs');

const wantsBrowser = process.argv.includes('--browser');
const say = stopwatch('setup');

try {
  if (!isInstalled() || !isBuilt()) {
    await withLock(say, async () => {
      await installIfStale(say);
      await buildIfStale(say);
    });
  }
  if (wantsBrowser) {
    const { isBrowserSettled, settleBrowser } = await import('./lib/browser.mjs');
    if (!isBrowserSettled()) await withLock(say, () => settleBrowser(say));
  }
} catch (error) {
  console.error(`\nsetup failed: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
