/** What is kept of peers on lcbench: when each had improved, in virtual time, as `bench/peers/lcbench.py` wrote it down. */

import { existsSync, readFileSync } from 'node:fs';

const FILE = new URL('../../peers/lcbench.jsonl', import.meta.url);

interface PeerRun {
  readonly peer: string;
  readonly version: string;
  /** Place of the task in tasks.json. */
  readonly task: number;
  readonly seed: number;
  readonly workers: number;
  /** Virtual seconds and value of each new best completed trial. */
  readonly improvements: readonly (readonly [number, number])[];
  /** When the run was ended. */
  readonly seconds: number;
}

const runs: readonly PeerRun[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  : [];

/** When each peer got to a target in virtual time; the end of its run where it did not, which favours it. */
export function peerSeconds(
  task: number,
  seed: number,
  workers: number,
  target: number,
): readonly { readonly peer: string; readonly seconds: number; readonly isReached: boolean }[] {
  return runs
    .filter((run) => run.task === task && run.seed === seed && run.workers === workers)
    .map((run) => {
      const reached = run.improvements.find(([, value]) => value <= target);
      const peer = `${run.peer} ${run.version}`;
      return { peer, seconds: reached?.[0] ?? run.seconds, isReached: reached !== undefined };
    });
}
