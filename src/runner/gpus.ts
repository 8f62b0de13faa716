/** Finds the GPUs of this machine and hands them out to jobs, whole. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Gpu {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly memoryMiB: number;
}

const QUERY = ['--query-gpu=index,uuid,name,memory.total', '--format=csv,noheader,nounits'];

/** What nvidia-smi lists; none when it is missing or fails: a machine without GPUs is a fine runner of CPU jobs. */
export async function findGpus(program = 'nvidia-smi'): Promise<Gpu[]> {
  const run = promisify(execFile);
  const { stdout } = await run(program, QUERY, { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  return parseGpus(stdout);
}

/** @param csv lines of `index, uuid, name, memory in MiB`; lines of another form are skipped. */
export function parseGpus(csv: string): Gpu[] {
  return csv.split('\n').flatMap((line) => {
    const [index, uuid, name, memory] = line.split(',').map((cell) => cell.trim());
    if (!uuid?.startsWith('GPU-') || name === undefined || !Number.isInteger(Number(index))) return [];
    return [{ index: Number(index), uuid, name, memoryMiB: Number(memory) || 0 }];
  });
}

/** Which GPUs and CPU slots are free; a job holds its share until `release`. */
export class Capacity {
  readonly #freeGpus: Gpu[];
  #freeSlots: number;

  constructor(gpus: readonly Gpu[], slots: number) {
    this.#freeGpus = [...gpus];
    this.#freeSlots = slots;
  }

  get freeGpus(): number {
    return this.#freeGpus.length;
  }

  get freeSlots(): number {
    return this.#freeSlots;
  }

  /** Takes a share. The server leases only what was offered, so it is there. */
  take(need: { readonly gpus: number; readonly slots: number }): { readonly gpus: readonly Gpu[]; release(): void } {
    const gpus = this.#freeGpus.splice(0, need.gpus);
    this.#freeSlots -= need.slots;
    return {
      gpus,
      release: () => {
        this.#freeGpus.push(...gpus);
        this.#freeSlots += need.slots;
      },
    };
  }
}
