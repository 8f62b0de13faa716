/** A peer: the real package in a Python process that speaks JSON lines (bench/peers/README.md). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { drawOrder } from '../../../../src/search/space/draw-order.js';
import type { Params } from '../../../../src/search/space/parameter.js';
import type { Optimiser, Start } from './drive.js';
import { PEERS_FOLDER } from './peer-cache.js';

export interface PeerProcess {
  /** Begins a run; the one before it is forgotten. */
  readonly begin: (start: Start) => Promise<Optimiser>;
  /** The package's version, known once a run has begun. */
  readonly version: () => string;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly version?: string;
  readonly trials?: readonly { readonly id: number; readonly params: Params }[];
  /** What it took, without our pipe. */
  readonly seconds?: number;
  readonly error?: string;
}

/** One thread each: we are measured on one core, too. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' };

export function startPeer(python: string, script: string, kind: string): PeerProcess {
  const child = spawn(python, [path.resolve(PEERS_FOLDER, script), kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...ONE_THREAD },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let version = 'unknown';

  const say = async (message: unknown): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    const { done, value } = await lines.next();
    if (done) throw new Error(`${script} ${kind} ended`);
    const answer = JSON.parse(value) as Answer;
    if (answer.error !== undefined) throw new Error(`${script} ${kind}: ${answer.error}`);
    return answer;
  };

  return {
    begin: async ({ space, direction, isConstrained, seed, trials }) => {
      // In draw order, so that a peer meets a parameter after those that its condition mentions.
      const declared = { parameters: drawOrder(space) };
      const begun = { space: declared, directions: [direction], constrained: isConstrained, seed, trials, workers: 1 };
      version = (await say({ op: 'start', ...begun })).version ?? version;
      let spent = 0;
      let id: number | undefined;
      return {
        ask: async () => {
          const answer = await say({ op: 'ask', n: 1 });
          spent += answer.seconds ?? 0;
          const trial = answer.trials?.[0];
          id = trial?.id;
          return trial?.params;
        },
        tell: async ({ value, constraints }) => {
          const message = Number.isFinite(value) ? { values: [value], constraints } : { state: 'FAILED' };
          spent += (await say({ op: 'tell', id, ...message })).seconds ?? 0;
        },
        fill: async (params, values) => void (await say({ op: 'fill', params, values })),
        seconds: () => spent,
      };
    },
    version: () => version,
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
