/** Runs what is missing of a peer's lines, one run after the other, and keeps each as it ends. */
import type { Problem } from '../problem.js';
import { drive } from './drive.js';
import { appendPeerLine, type PeerLine, printOf, readPeerLines, toLine } from './peer-cache.js';
import { startPeer } from './peer-process.js';
import { type Peer, pythonOf } from './peers.js';

/** Of the peer's pinned version, for the problem as it is now, and long enough. */
export function isCurrent(line: PeerLine, peer: Peer, print: string, trials: number): boolean {
  const version = peer.pins[0]?.split('==')[1];
  return line.peer === peer.name && line.version === version && line.print === print && line.trials >= trials;
}

/** Whether the peer can be run on it at all. */
function isWithin({ lacksConditions }: Peer, problem: Problem): boolean {
  return !lacksConditions || problem.instance(0).space.parameters.every(({ when }) => when === undefined);
}

/** Seeds go round by round, so that a run that is cut short has some of every problem. */
export async function runPeer(peer: Peer, wanted: readonly Problem[], seeds: number, trials: number): Promise<void> {
  const problems = wanted.filter((problem) => isWithin(peer, problem));
  const prints = new Map(problems.map((problem) => [problem, printOf(problem)]));
  const lines = readPeerLines();
  const isThere = (problem: Problem, seed: number) =>
    lines.some(
      (line) =>
        line.problem === problem.name && line.seed === seed && isCurrent(line, peer, prints.get(problem) ?? '', trials),
    );
  const missing = Array.from({ length: seeds }, (_, seed) =>
    problems.filter((problem) => !isThere(problem, seed)).map((problem) => ({ problem, seed })),
  ).flat();
  if (missing.length === 0) return;

  const child = startPeer(await pythonOf(peer), peer.script, peer.kind);
  try {
    for (const { problem, seed } of missing) {
      const run = await drive(peer.name, problem, seed, trials, child.begin);
      appendPeerLine(toLine(run, child.version(), prints.get(problem) ?? ''));
      console.error(`${peer.name} on ${problem.name}, seed ${seed}: ${run.best.at(-1)} in ${run.seconds.toFixed(1)} s`);
    }
  } finally {
    await child.close();
  }
}
