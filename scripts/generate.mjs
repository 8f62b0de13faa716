/** Writes all that is emitted and checked in: schema/ from the resolvers, then both SDKs' types from schema/. */

import { existsSync } from 'node:fs';
import path from 'node:path';

import { ROOT, run, runTool, stopwatch } from './lib/tools.mjs';

const say = stopwatch('generate');

await step('schema', () =>
  run(process.execPath, ['--import', '@oxc-node/core/register', path.join('src', 'main', 'emit-schema.ts')]),
);
await step('TypeScript operations', () => runTool('graphql-codegen', ['--config', 'codegen.ts']));
const python = path.join('sdk', 'python', 'generate.mjs');
if (existsSync(path.join(ROOT, python))) await step('Python types', () => run(process.execPath, [python]));

async function step(name, work) {
  const { code, output } = await work();
  if (code !== 0) {
    console.error(`${output}\n${name}: failed`);
    process.exit(1);
  }
  say(name);
}
