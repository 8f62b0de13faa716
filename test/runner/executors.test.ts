import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXECUTORS } from '../../src/runner/executors/index.js';
import { executorContract, isAlive } from '../contract/executor.js';
import { until } from '../support/until.js';

for (const [kind, create] of Object.entries(EXECUTORS))
  executorContract(kind, () => create({ mark: `test-${process.pid}` }));

it('ends a job whose agent was killed, without help', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'agent-'));
  const module = new URL('../../src/runner/executors/process/process-executor.ts', import.meta.url).href;
  const job = `console.log(process.pid); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
  await writeFile(
    join(directory, 'agent.mjs'),
    `import { createProcessExecutor } from ${JSON.stringify(module)};
     await createProcessExecutor({ mark: 'doomed' }).start({ jobId: 'j', command: [process.execPath, '-e', ${JSON.stringify(job)}],
       directory: ${JSON.stringify(directory)}, environment: { PATH: process.env.PATH }, onOutput: (_, chunk) => process.stdout.write(chunk) });`,
  );
  const agent = spawn(process.execPath, ['--import', '@oxc-node/core/register', join(directory, 'agent.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(agent.stdout, 'data')) as [Buffer];
  const pid = Number(chunk.toString());
  expect(isAlive(pid)).toBe(true);

  agent.kill('SIGKILL');

  await until(() => !isAlive(pid));
  await rm(directory, { recursive: true });
});
