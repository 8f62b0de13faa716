/** Checks the walls of .dependency-cruiser.cjs over the whole tree; fails too when it saw suspiciously few modules. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { binary, ROOT } from './lib/tools.mjs';

/** Without a usable TypeScript the cruiser sees no module at all, and passes. */
const FEWEST_MODULES = 20;

const folders = ['src', 'sdk', 'web/src', 'examples', 'bench', 'test', 'migrations'].filter((folder) =>
  existsSync(new URL(`../${folder}`, import.meta.url)),
);
const run = spawnSync(process.execPath, [binary('depcruise'), ...folders, '-T', 'json'], {
  cwd: ROOT,
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
});
if (!run.stdout.startsWith('{')) {
  console.error(run.stderr || run.stdout);
  process.exit(1);
}

const { summary, modules } = JSON.parse(run.stdout);
const ours = modules.filter((module) => !module.source.includes('node_modules') && !module.coreModule).length;
for (const violation of summary.violations) {
  const path = violation.cycle ? violation.cycle.map((step) => step.name ?? step).join(' > ') : violation.to;
  console.error(`${violation.rule.severity}  ${violation.rule.name}: ${violation.from} > ${path}`);
}
if (ours < FEWEST_MODULES || summary.totalCruised === 0) {
  console.error(`only ${ours} modules were seen: is TypeScript installed under its two names? (package.json)`);
  process.exit(1);
}
const errors = summary.violations.filter((violation) => violation.rule.severity === 'error').length;
console.log(`walls: ${ours} modules, ${summary.totalDependenciesCruised} imports, ${errors} over a wall`);
process.exit(errors > 0 ? 1 : 0);
