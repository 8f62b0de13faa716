import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Evaluation, Problem } from '../../bench/support/regret/problem.js';
import { PROBLEMS } from '../../bench/support/regret/problems.js';
import { drive, type Optimiser } from '../../bench/support/regret/run/drive.js';
import { beginOurs, parseSpec } from '../../bench/support/regret/run/ours.js';
import { PEERS_FOLDER, printOf, readPeerLines, toLine, toRun } from '../../bench/support/regret/run/peer-cache.js';
import { startPeer } from '../../bench/support/regret/run/peer-process.js';
import { isCurrent } from '../../bench/support/regret/run/run-peers.js';
import { parseSpace } from '../../src/search/space/parse-space.js';

const space = parseSpace({ x: { kind: 'float', low: 0, high: 9 } });

/** Looks values up by x. */
function problemOf(evaluations: readonly Evaluation[], rest: Partial<Problem> = {}): Problem {
  const evaluate = ({ x }: { readonly [name: string]: unknown }) => evaluations[Number(x)] ?? { value: 99 };
  const instance = () => ({ space, optimum: 0, evaluate });
  return { name: 'p', family: 'synthetic', direction: 'minimize', scale: 'linear', instance, ...rest };
}

/** Proposes 0, 1, 2 … below `count`, and notes what it is told. */
function counting(count: number, told: Evaluation[] = []): () => Promise<Optimiser> {
  let next = 0;
  return async () => ({
    ask: async () => (next < count ? { x: next++ } : undefined),
    tell: async (evaluation) => void told.push(evaluation),
    fill: async () => undefined,
    seconds: () => 0.5,
  });
}

describe('a run', () => {
  it('keeps the best so far, and ends when the optimiser does', async () => {
    const problem = problemOf([{ value: 5 }, { value: 7 }, { value: 3 }]);

    const run = await drive('m', problem, 4, 10, counting(3));

    expect(run).toEqual({ method: 'm', problem: 'p', seed: 4, best: [5, 5, 3], seconds: 0.5 });
  });

  it('counts neither failures nor what is infeasible', async () => {
    const problem = problemOf([
      { value: Number.NaN },
      { value: -Infinity },
      { value: 1, constraints: [0.5] },
      { value: 8, constraints: [-1, 0] },
    ]);

    const { best } = await drive('m', problem, 0, 4, counting(4));

    expect(best).toEqual([Number.NaN, Number.NaN, Number.NaN, 8]);
  });

  it('shows noise to the optimiser, and counts the truth of what looked best', async () => {
    const told: Evaluation[] = [];
    const problem = problemOf([
      { value: 2, truth: 3 },
      { value: 1, truth: 4 },
    ]);

    const { best } = await drive('m', problem, 0, 2, counting(2, told));

    expect(best).toEqual([3, 4]);
    expect(told.map(({ value }) => value)).toEqual([2, 1]);
  });

  it('maximises where that is the direction', async () => {
    const problem = problemOf([{ value: 2 }, { value: 5 }, { value: 1 }], { direction: 'maximize' });

    expect((await drive('m', problem, 0, 3, counting(3))).best).toEqual([2, 5, 5]);
  });

  it('is refused params that are not in the space', async () => {
    await expect(drive('m', problemOf([]), 0, 20, counting(20))).rejects.toThrow('m on p: x is 10');
  });
});

describe('our side', () => {
  it('is a kind, and options that are not at their defaults', () => {
    expect(parseSpec('random')).toEqual({ kind: 'random', options: {} });
    expect(parseSpec('tpe?gamma=sqrt&nStartup=5&multivariate=false')).toEqual({
      kind: 'tpe',
      options: { gamma: 'sqrt', nStartup: 5, multivariate: false },
    });
  });

  it('repeats itself for a seed, and not for another', async () => {
    const problem = PROBLEMS.find(({ name }) => name === 'synthetic-algorithm-tree')!;
    const run = (seed: number) => drive('tpe', problem, seed, 25, (start) => beginOurs(parseSpec('tpe'), start));

    const [first, again, other] = [await run(0), await run(0), await run(5)];

    expect(again.best).toEqual(first.best);
    // The same instance: seeds are five apart.
    expect(other.best).not.toEqual(first.best);
  });

  it('goes on from trials that were filled in', async () => {
    const start = { space, direction: 'minimize' as const, isConstrained: false, seed: 0, trials: 20 };
    const near = async (values: readonly number[]) => {
      const tpe = await beginOurs(parseSpec('tpe'), start);
      await tpe.fill(
        values.map((_, i) => ({ x: i / 4 })),
        values,
      );
      return tpe.ask();
    };
    const low = Array.from({ length: 36 }, (_, i) => i);

    expect(await near(low)).not.toEqual(await near(low.toReversed()));
  });
});

describe('a line of a peer', () => {
  const run = { method: 'peer', problem: 'p', seed: 3, best: [Number.NaN, 0.1, 0.1, 0.3], seconds: 1.23456 };

  it('is the run again when it is read', () => {
    const line = JSON.parse(JSON.stringify(toLine(run, '1.0', 'abc')));

    expect(line.changes).toEqual([
      [1, 0.1],
      [3, 0.3],
    ]);
    expect(toRun(line)).toEqual({ ...run, seconds: 1.23 });
  });

  it('counts for its version, its problem and as many trials only', () => {
    const peer = { name: 'peer', title: '', script: '', kind: '', environment: '', pins: ['package==1.0', 'other==2'] };
    const line = toLine(run, '1.0', 'abc');

    expect(isCurrent(line, peer, 'abc', 4)).toBe(true);
    expect(isCurrent(line, peer, 'abc', 5)).toBe(false);
    expect(isCurrent(line, peer, 'abd', 4)).toBe(false);
    expect(isCurrent(toLine(run, '1.1', 'abc'), peer, 'abc', 4)).toBe(false);
    expect(isCurrent(line, { ...peer, name: 'another' }, 'abc', 4)).toBe(false);
  });

  it('holds for a problem that is still as it was', () => {
    const prints = new Map(PROBLEMS.map((problem) => [problem.name, printOf(problem)]));

    const stale = readPeerLines().filter(({ problem, print }) => prints.get(problem) !== print);

    expect(stale).toEqual([]);
  });

  it('is of a problem whose numbers have a print', () => {
    const [problem] = PROBLEMS;
    const moved = problemOf([{ value: 1 }]);

    expect(printOf(problem!)).toBe(printOf(problem!));
    expect(printOf(moved)).not.toBe(
      printOf({ ...moved, instance: () => ({ space, optimum: 1, evaluate: () => ({ value: 99 }) }) }),
    );
  });
});

describe('a peer', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trialgraph-peer-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is a process that answers lines, whose conditions it understands', async () => {
    const script = path.join(folder, 'peer.py');
    writeFileSync(
      script,
      `
import sys
sys.path.insert(0, ${JSON.stringify(PEERS_FOLDER)})
from lines import answer_lines, is_active

class Peer:
    name, version = "lowest", "7"
    def __init__(self, message):
        print("no answer")
        self.space, self.count = message["space"]["parameters"], 0
    def ask(self):
        params = {}
        for one in self.space:
            if is_active(one, params):
                params[one["name"]] = one["choices"][self.count % 2] if "choices" in one else one["low"]
        self.count += 1
        return self.count, params
    def tell(self, number, message):
        if message.get("state") == "FAILED":
            raise ValueError("told of a failure")

answer_lines(Peer)
`,
    );
    const conditional = parseSpace({
      b: {
        kind: 'int',
        low: 4,
        high: 9,
        when: { all: [{ param: 'a', in: ['x'] }, { not: { param: 'c', above: 2 } }] },
      },
      a: { kind: 'categorical', choices: ['x', 'y'] },
      c: { kind: 'float', low: 1, high: 3 },
      d: { kind: 'float', low: 0, high: 1, when: { param: 'b', below: 9 } },
    });
    const told = (value: number) =>
      problemOf([], { instance: () => ({ space: conditional, optimum: 0, evaluate: () => ({ value }) }) });
    const peer = startPeer('python3', script, 'lowest');

    const run = await drive('lowest', told(5), 0, 2, peer.begin);

    expect(run.best).toEqual([5, 5]);
    expect(run.seconds).toBeGreaterThan(0);
    expect(peer.version()).toBe('7');
    await expect(drive('lowest', told(Number.NaN), 0, 2, peer.begin)).rejects.toThrow('told of a failure');
    await peer.close();
  });
});
