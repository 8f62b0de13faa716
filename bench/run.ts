/** `npm run bench -- NAME`: runs bench/NAME.ts, whose last line on stdout is its result as JSON. Without a name: the list. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const HERE = import.meta.dirname;
const names = readdirSync(HERE)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => path.basename(file, '.ts'));

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- ${names.join(' | ')}`);
  process.exit(name === undefined ? 0 : 2);
}

const child = spawn(process.execPath, ['--import', '@oxc-node/core/register', path.join(HERE, `${name}.ts`), ...rest], {
  stdio: 'inherit',
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
