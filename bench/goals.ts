/**
 * Runs the benchmarks that the goals need, keeps what each says in bench/results/, and writes the table of goals into
 * bench/README.md. `--quick` and `--large` choose sizes, `--only a,b` some benches, `--from-results` runs none.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHES, type Bench, GOALS } from './support/goal-list.js';
import { between, goalsTable, type Run } from './support/goals-table.js';
import { machine } from './support/machine.js';
import type { Result } from './support/result.js';

const HERE = import.meta.dirname;
const RESULTS = path.join(HERE, 'results');
const README = path.join(HERE, 'README.md');
const MARKS = ['<!-- goals: written by npm run bench -- goals -->', '<!-- end of goals -->'] as const;

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    only: { type: 'string' },
    'from-results': { type: 'boolean', default: false },
  },
});

/** What the bench's last line says, and whether it failed what it checks itself. @throws Error when it ends without. */
async function run({ name, quick, large }: Bench): Promise<{ results: readonly Result[]; code: unknown }> {
  const sizes = (flags.quick ? quick : flags.large ? large : undefined) ?? [];
  const file = path.join(HERE, `${name}.ts`);
  const child = spawn(process.execPath, ['--import', '@oxc-node/core/register', file, ...sizes], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const last = said.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('[')) throw new Error(`${name} ended with code ${code} and without results`);
  return { results: JSON.parse(last) as Result[], code };
}

const failed: string[] = [];
mkdirSync(RESULTS, { recursive: true });
const wanted = flags.only?.split(',');
for (const bench of flags['from-results'] ? [] : BENCHES) {
  if (!(wanted?.includes(bench.name) ?? true) || !existsSync(path.join(HERE, `${bench.name}.ts`))) continue;
  console.error(`\n== ${bench.name}`);
  const begun = { bench: bench.name, date: new Date().toISOString(), quick: flags.quick, machine: machine() };
  try {
    const { results, code } = await run(bench);
    const record: Run = { ...begun, results };
    writeFileSync(path.join(RESULTS, `${bench.name}.json`), `${JSON.stringify(record, null, 2)}\n`);
    if (code !== 0) failed.push(bench.name);
  } catch (error) {
    // The others still have something to say; what this one said last time stands, with its date.
    console.error(error instanceof Error ? error.message : error);
    failed.push(bench.name);
  }
}
const runs = readdirSync(RESULTS)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(path.join(RESULTS, file), 'utf8')) as Run);
const order = BENCHES.map(({ name }) => name);
runs.sort((a, b) => order.indexOf(a.bench) - order.indexOf(b.bench));
const table = goalsTable(GOALS, runs);
writeFileSync(README, between(readFileSync(README, 'utf8'), MARKS, table));
console.log(table);
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exit(1);
}
