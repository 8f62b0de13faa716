/** Wires a runner agent: its name and folder, its executor, its connection. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { runAgent } from '../runner/agent.js';
import { connect } from '../runner/connect.js';
import { EXECUTORS } from '../runner/executors/index.js';
import { findGpus } from '../runner/gpus.js';

export interface RunnerOptions {
  readonly dataDirectory: string;
  readonly url: string;
  readonly apiKey: string;
  readonly pool: string;
  readonly name: string | null;
  readonly slots: number | null;
  /** Indices of the GPUs to offer; null: all. */
  readonly gpuIndices: readonly number[] | null;
  readonly executor: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  log(line: string): void;
}

/** Runs an agent until `signal` aborts or the server drains it. */
export async function runRunner(options: RunnerOptions, signal: AbortSignal): Promise<void> {
  const parent = resolve(options.dataDirectory, 'runners');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const place = await takeName(parent, options.name ?? hostname(), options.name !== null);
  const createExecutor = EXECUTORS[options.executor];
  if (createExecutor === undefined)
    throw new Error(`no executor ${options.executor}; there are: ${Object.keys(EXECUTORS).join(', ')}`);
  const gpus = (await findGpus()).filter((gpu) => options.gpuIndices?.includes(gpu.index) ?? true);
  const api = connect({ url: options.url, apiKey: options.apiKey, signal });
  try {
    const slots = options.slots ?? Math.max(availableParallelism(), gpus.length);
    const { url, pool, environment, log } = options;
    await runAgent(
      {
        ...{ api, url, pool, slots, gpus, log },
        executor: createExecutor({ mark: place.directory }),
        name: place.name,
        host: hostname(),
        bootId: randomUUID(),
        directory: place.directory,
        machineEnvironment: environment,
        now: () => Date.now(),
      },
      signal,
    );
  } finally {
    await api.close();
    await place.release();
  }
}

interface Place {
  readonly name: string;
  readonly directory: string;
  release(): Promise<void>;
}

/** One live agent per name: the second on a machine becomes `host-2`. A name that was asked for and is taken is an error. */
async function takeName(parent: string, wanted: string, isExact: boolean): Promise<Place> {
  for (let i = 1; ; i += 1) {
    const name = i === 1 ? wanted : `${wanted}-${i}`;
    const directory = join(parent, name.replace(/[^A-Za-z0-9._-]/g, '_'));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const lock = join(directory, 'pid');
    if (await takeLock(lock)) return { name, directory, release: () => rm(lock, { force: true }) };
    if (isExact)
      throw new Error(`a runner named ${name} is running already on ${parent}; give this one another --name`);
  }
}

async function takeLock(path: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const file = await open(path, 'wx', 0o600).catch(() => null);
    if (file !== null) {
      await file.writeFile(`${process.pid} ${await startOf(process.pid)}`);
      await file.close();
      return true;
    }
    const [pid, start] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    if (pid && (await startOf(Number(pid))) === start && isAlive(Number(pid))) return false;
    await rm(path, { force: true });
  }
  return false;
}

/** When a process started, in clock ticks since boot: with the pid it names one process for good. Empty where /proc is missing. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
