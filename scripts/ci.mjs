/** What .ci/run runs: set-up, every part of `npm run check`, then `npm test`. The last line is the sum of all. */

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { assertNode } from './lib/node-version.mjs';

assertNode();

const { runNpm } = await import('./lib/install.mjs');
const { ROOT, run, stopwatch } = await import('./lib/tools.mjs');

const CHECKS = ['check:types', 'check:lint', 'check:walls', 'check:unused', 'check:schema'];
const REPORT = path.join(ROOT, '.setup', 'vitest.json');

const say = stopwatch('ci');
const sum = { passed: 0, failed: 0, skipped: 0 };

if (await check('setup', () => run(process.execPath, ['scripts/setup.mjs', '--browser'], { stdio: 'inherit' }))) {
  for (const name of CHECKS) await check(name, () => runNpm(['run', '--silent', name]));
  await test();
}
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed > 0 ? 1 : 0;

/** Counts as one that passed or failed. */
async function check(name, work) {
  const { code, output } = await work();
  sum[code === 0 ? 'passed' : 'failed'] += 1;
  if (code !== 0) console.log(output);
  say(`${name}: ${code === 0 ? 'passed' : 'FAILED'}`);
  return code === 0;
}

/** Every test counts as one; so does a file that could not be run, and a run that failed with no failed test. */
async function test() {
  mkdirSync(path.dirname(REPORT), { recursive: true });
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const { code } = await runNpm(['test', '--silent', '--', ...reporters], { stdio: 'inherit' });
  const report = existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, 'utf8')) : undefined;
  const brokenFiles = (report?.testResults ?? []).filter(isBroken).length;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles;
  sum.passed += report?.numPassedTests ?? 0;
  sum.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  sum.failed += code !== 0 && failed === 0 ? 1 : failed;
  say(`npm test: ${code === 0 ? 'passed' : 'FAILED'}`);
}

function isBroken({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}
