/**
 * Volumes that fronts dominate, without holding the event loop: of up to three objectives here, in short turns; of more,
 * where a single volume may take long, in a worker thread that is cut off after a while.
 */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { PlatformError } from '../../domain/errors.js';
import { type FrontMember, type GrowingFront, volumesOf } from '../../search/analysis/growing-front.js';

/** What the worker is given. */
export interface Measuring {
  readonly entrants: readonly FrontMember[];
  readonly reference: readonly number[];
}

const MOST_HERE = 3;
/** Points looked at between two turns of the event loop. */
const POINTS = 5_000;
const LIMIT_MS = 5_000;

interface Measured {
  readonly reference: string;
  readonly volumes: Promise<Float64Array | null>;
}

/** The last volumes of a front's entrants, and up to which reference. */
const measured = new WeakMap<GrowingFront['entrants'], Measured>();

/**
 * The volume after each entrant, up to a reference; null where there are more than three objectives, and that took longer than
 * `limitMs`, by default 5,000.
 * @throws OVERLOADED when too many of those wait.
 */
export function measureFront(
  { entrants }: GrowingFront,
  reference: readonly number[],
  limitMs = LIMIT_MS,
): Promise<Float64Array | null> {
  const name = reference.join(' ');
  const before = measured.get(entrants);
  if (before?.reference === name) return before.volumes;
  const request = { entrants, reference };
  const volumes = reference.length > MOST_HERE ? inWorker(request, limitMs) : inTurns(request);
  measured.set(entrants, { reference: name, volumes });
  volumes.catch(() => measured.delete(entrants));
  return volumes;
}

async function inTurns({ entrants, reference }: Measuring): Promise<Float64Array> {
  const volumes = new Float64Array(entrants.length);
  let points = 0;
  let i = 0;
  for (const volume of volumesOf(entrants, reference)) {
    volumes[i++] = volume;
    points += i; // a front is never larger than what entered it
    if (points < POINTS) continue;
    await setImmediate();
    points = 0;
  }
  return volumes;
}

/** One at a time: there are proposals to be worked out too. */
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;
/** Each may take as long as the limit. */
const MOST_WAITING = 20;

async function inWorker(request: Measuring, limitMs: number): Promise<Float64Array | null> {
  if (waiting >= MOST_WAITING)
    throw new PlatformError('OVERLOADED', `${waiting} fronts wait to be measured already: ask again shortly`);
  waiting += 1;
  const mine = last.then(() => measure(request, limitMs));
  last = mine.catch(() => undefined);
  try {
    return await mine;
  } finally {
    waiting -= 1;
  }
}

async function measure(workerData: Measuring, limitMs: number): Promise<Float64Array | null> {
  const worker = new Worker(entry(), {
    workerData,
    execArgv: entry().pathname.endsWith('.ts') ? ['--import', '@oxc-node/core/register'] : [],
  });
  let timer: NodeJS.Timeout | null = null;
  try {
    return await new Promise<Float64Array | null>((resolve, reject) => {
      timer = setTimeout(() => resolve(null), limitMs);
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the worker that measures fronts ended')));
    });
  } finally {
    if (timer !== null) clearTimeout(timer);
    await worker.terminate();
  }
}

/** The worker's file as it is here: TypeScript in tests, JavaScript when built. */
function entry(): URL {
  const built = new URL('./measure-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? new URL(built.href.replace(/js$/, 'ts')) : built;
}
