/** Wires a runner agent: its name and folder, its executor, its connection. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { runAgent } from '../runner/agent.js';
import { connect } from '../runner/connect.js';
import { EXECUTORS } from '../runner/executors/index.js';
import { findGpus } from '../runner/gpus.js';
import { takeProcessLock } from './process-lock.js';

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
  note(line: string): void;
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
    const { url, pool, environment, note, log } = options;
    await runAgent(
      {
        ...{ api, url, pool, slots, gpus, note, log },
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
    const lock = await takeProcessLock(join(directory, 'lock'));
    if ('release' in lock) return { name, directory, release: () => lock.release() };
    if (isExact)
      throw new Error(`a runner named ${name} is running already on ${parent}; give this one another --name`);
  }
}
