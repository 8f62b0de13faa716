/** The court of executors: every adapter passes these cases. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Executor, JobSpec } from '../../src/runner/executors/executor.js';
import { until } from '../support/until.js';

export function executorContract(name: string, create: () => Executor): void {
  describe(`executor ${name}`, () => {
    let directory: string;
    let output: string[];

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'executor-'));
      output = [];
    });
    afterEach(() => rm(directory, { recursive: true, force: true }));

    const spec = (command: readonly string[], environment: Record<string, string> = {}): JobSpec => ({
      jobId: directory,
      command,
      directory,
      environment: { PATH: process.env.PATH ?? '', ...environment },
      onOutput: (source, chunk) => output.push(`${source} ${chunk.toString()}`),
    });
    const node = (code: string, environment?: Record<string, string>) =>
      spec([process.execPath, '-e', code], environment);

    it('hands over all output before it tells the exit', async () => {
      const execution = await create().start(node('process.stdout.write("a".repeat(300000)); process.exitCode = 3'));

      const exit = await execution.exit;

      expect(exit).toEqual({ code: 3, signal: null, outOfMemory: false });
      expect(output.join('').replaceAll('STDOUT ', '')).toHaveLength(300_000);
    });

    it('never lets a shell read the arguments', async () => {
      const hostile = ['$(touch pwned)', '; touch pwned', '`touch pwned`', '"quoted"', "it's", '', '*'];
      const execution = await create().start(
        spec([process.execPath, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...hostile]),
      );

      await execution.exit;

      expect(JSON.parse(output.join('').replace('STDOUT ', ''))).toEqual(hostile);
      await expect(readFile(join(directory, 'pwned'))).rejects.toThrow();
    });

    it('passes no variable that was not given', async () => {
      process.env.PLANTED_SECRET = 'x';
      const execution = await create().start(
        node('console.log(process.env.PLANTED_SECRET ?? "absent", process.env.GIVEN)', { GIVEN: 'yes' }),
      );

      await execution.exit;
      delete process.env.PLANTED_SECRET;

      expect(output.join('')).toBe('STDOUT absent yes\n');
    });

    it('asks politely first, and tells the exit code of a program that obeys', async () => {
      const execution = await create().start(
        node('process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000)'),
      );
      await until(() => output.length > 0);

      await execution.terminate(10);

      expect((await execution.exit).code).toBe(7);
    });

    it('kills the whole tree of a program that does not obey, daemons included', async () => {
      const daemon = `require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })`;
      const execution = await create().start(
        node(`process.on("SIGTERM", () => {}); const d = ${daemon}; console.log(d.pid); setInterval(() => {}, 1000)`),
      );
      await until(() => output.length > 0);
      const daemonPid = Number(output[0]?.split(' ')[1]);
      expect(isAlive(daemonPid)).toBe(true);

      await execution.terminate(0.1);
      const exit = await execution.exit;

      expect(exit.signal).toBe('SIGKILL');
      await until(() => !isAlive(daemonPid));
    });

    it('leaves no daemon behind when the program ends by itself', async () => {
      const execution = await create().start(
        node(
          `const d = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }); d.unref(); console.log(d.pid)`,
        ),
      );

      await execution.exit;

      await until(() => !isAlive(Number(output[0]?.split(' ')[1])));
    });

    it('refuses what cannot be started, and names it', async () => {
      const executor = create();

      await expect(executor.start(spec(['no-such-program-here']))).rejects.toThrow(
        /no-such-program-here was not found/,
      );
      await expect(executor.start({ ...spec(['true']), directory: join(directory, 'absent') })).rejects.toThrow(
        /absent does not exist/,
      );
      await writeFile(join(directory, 'plain.txt'), 'not executable');
      await expect(executor.start(spec([join(directory, 'plain.txt')]))).rejects.toThrow(/not found/);
    });
  });
}

/** Whether a process runs: a zombie that nobody has reaped yet counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
