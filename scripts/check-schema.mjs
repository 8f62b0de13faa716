/** Fails when what is emitted differs from what is checked in. Leaves the tree as it was. */

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { ROOT, run } from './lib/tools.mjs';

const EMITTED = ['schema', 'sdk/typescript/generated'];

const before = readEmitted();
const { code, output } = await run(process.execPath, [path.join('scripts', 'generate.mjs')]);
const after = readEmitted();
restore();

if (code !== 0) {
  console.error(output);
  process.exit(1);
}
const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (file) => before.get(file) !== after.get(file),
);
for (const file of changed) console.error(`${file} is not what the sources emit; run \`npm run generate\``);
if (changed.length === 0) console.log(`schema: ${after.size} emitted files are up to date`);
process.exit(changed.length > 0 ? 1 : 0);

/** File name to content. */
function readEmitted() {
  const folders = [...EMITTED, ...pythonFolders()];
  return new Map(
    folders.flatMap((folder) => filesIn(folder).map((file) => [file, readFileSync(path.join(ROOT, file), 'utf8')])),
  );
}

function restore() {
  for (const file of after.keys()) if (!before.has(file)) rmSync(path.join(ROOT, file));
  for (const [file, text] of before) if (after.get(file) !== text) writeFileSync(path.join(ROOT, file), text);
}

/** The Python SDK keeps what is emitted in folders of this name too, somewhere in its package. */
function pythonFolders() {
  return filesIn('sdk/python')
    .map((file) => path.dirname(file))
    .filter((folder, index, all) => path.basename(folder) === 'generated' && all.indexOf(folder) === index);
}

function filesIn(folder) {
  const top = path.join(ROOT, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)));
}
