/** The browser of the end-to-end tests: an installed Chromium, found or brought by `npm test`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { ROOT } from './platform.js';

interface Marker {
  readonly path: string | null;
  readonly reason?: string;
}

/** Where the browser is, or why there is none. */
export function findBrowser(): Marker {
  const marker = join(ROOT, 'node_modules/.trialgraph-browser.json');
  if (!existsSync(marker)) return { path: null, reason: 'no browser was looked for: run `npm test`' };
  return JSON.parse(readFileSync(marker, 'utf8')) as Marker;
}

/** A headless Chromium that speaks to nobody but our server. */
export function launchBrowser(path: string): Promise<Browser> {
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
  ];
  return chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', ...quiet],
  });
}
