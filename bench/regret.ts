/**
 * How good our samplers are beside the real packages of peers: normalised regret over problems with known optima
 * (`support/regret/`). Peers are read from peers/*.jsonl; `--peers a,b` first runs what is missing of theirs, and `--samplers ''`
 * nothing of ours. Writes results/regret.json, results/regret.svg and the table of README.md, unless `--dry`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { between } from './support/goals-table.js';
import { machine } from './support/machine.js';
import { FAMILIES, isUsual, PROBLEMS } from './support/regret/problems.js';
import { printOf, readPeerLines, toRun } from './support/regret/run/peer-cache.js';
import { COMPOSED, PEERS } from './support/regret/run/peers.js';
import { runOurs } from './support/regret/run/run-ours.js';
import { isCurrent, runPeer } from './support/regret/run/run-peers.js';
import type { Run } from './support/regret/statistic/regret.js';
import { type GroupReport, reports } from './support/regret/statistic/report.js';
import { reportPlot } from './support/regret/statistic/report-plot.js';
import { reportText } from './support/regret/statistic/report-text.js';
import { cost, finish, type Result } from './support/result.js';

const { values: flags } = parseArgs({
  options: {
    family: { type: 'string', default: FAMILIES.join(',') },
    /** Instead of the usual ones: those whose names match. */
    problems: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    budget: { type: 'string', default: '100' },
    /** Kinds, with options as in `tpe?gamma=sqrt`. */
    samplers: { type: 'string', default: 'random,tpe' },
    peers: { type: 'string', default: '' },
    processes: { type: 'string', default: String(availableParallelism()) },
    dry: { type: 'boolean', default: false },
  },
});
const RESULTS = path.join(import.meta.dirname, 'results');
const README = path.join(import.meta.dirname, 'README.md');
const MARKS = ['<!-- regret: written by npm run bench -- regret -->', '<!-- end of regret -->'] as const;
/** Random search scales regret: always as many seeds, so that what 1 means does not move. */
const RANDOM_SEEDS = 20;

const seeds = Number(flags.seeds);
const budget = Number(flags.budget);
const at = [budget / 4, budget / 2, budget].map(Math.round);
const list = (text: string) => text.split(',').filter(Boolean);
const families = list(flags.family);
const pattern = flags.problems === undefined ? null : new RegExp(flags.problems);
const problems = PROBLEMS.filter((problem) =>
  pattern === null ? families.includes(problem.family) && isUsual(problem) : pattern.test(problem.name),
);
const samplers = list(flags.samplers);

for (const name of list(flags.peers)) {
  const peer = PEERS.find((one) => one.name === name);
  if (peer === undefined) throw new Error(`no peer is called ${name}: use ${PEERS.map((one) => one.name).join(', ')}`);
  await runPeer(peer, problems, seeds, budget);
}

const jobs = ['random', ...samplers.filter((one) => one !== 'random')].flatMap((method) =>
  problems.flatMap(({ name }) =>
    Array.from({ length: method === 'random' ? RANDOM_SEEDS : seeds }, (_, seed) => ({
      method,
      problem: name,
      seed,
      trials: budget,
    })),
  ),
);
const begunMs = performance.now();
const ours = await runOurs(jobs, Number(flags.processes));
console.error(`${jobs.length} runs of ours in ${Math.round((performance.now() - begunMs) / 1_000)} s`);
const theirs = peerRuns();
const peers = [...PEERS, ...COMPOSED]
  .map(({ name }) => name)
  .filter((name) => theirs.some((run) => run.method === name));

const sides = {
  ours: samplers,
  peers,
  runs: [...ours, ...theirs],
  random: ours.filter((run) => run.method === 'random'),
};
const groups = reports(problems, sides, at);
const versions = new Map(PEERS.map((peer) => [peer.name, peer.pins[0]?.split('==')[1] ?? '']));
const titles = new Map([
  ...PEERS.map((peer) => [peer.name, peer.title.replace('Optuna', `Optuna ${versions.get(peer.name)}`)] as const),
  ...COMPOSED.map((peer) => [peer.name, peer.title] as const),
]);
const text = reportText(groups, { titles, at });
console.error(text);
const results = groups.flatMap(resultsOf);
if (!flags.dry) {
  mkdirSync(RESULTS, { recursive: true });
  const record = {
    bench: 'regret',
    date: new Date().toISOString(),
    quick: false,
    machine: machine(),
    results,
    budget,
    groups,
  };
  writeFileSync(path.join(RESULTS, 'regret.json'), `${JSON.stringify(record, rounded, 1)}\n`);
  writeFileSync(path.join(RESULTS, 'regret.svg'), reportPlot(groups, titles));
  const made = `Made ${record.date.slice(0, 16).replace('T', ' ')} with budgets of ${budget} trials, ${seeds} seeds of ours (random search ${RANDOM_SEEDS}).`;
  writeFileSync(
    README,
    between(readFileSync(README, 'utf8'), MARKS, `${made}\n\n${text}\n\n![regret over trials](results/regret.svg)`),
  );
}
finish(results);

/** Cached lines that still hold, as runs; and what is composed of them. */
function peerRuns(): readonly Run[] {
  const prints = new Map(problems.map((problem) => [problem.name, printOf(problem)]));
  const current = readPeerLines().filter((line) => {
    const peer = PEERS.find(({ name }) => name === line.peer);
    const print = prints.get(line.problem);
    return peer !== undefined && print !== undefined && isCurrent(line, peer, print, budget);
  });
  // A later line of the same run stands for the earlier one.
  const unique = new Map(current.map((line) => [`${line.peer} ${line.problem} ${line.seed}`, line]));
  const runs = [...unique.values()].map(toRun).map((run) => ({ ...run, best: run.best.slice(0, budget) }));
  const composed = COMPOSED.flatMap(({ name, on }) => {
    const parts = new Map(problems.map((problem) => [problem.name, on(problem)]));
    return runs.filter((run) => parts.get(run.problem) === run.method).map((run) => ({ ...run, method: name }));
  });
  return [...runs, ...composed];
}

/** Each of ours beside each peer, on the problems and seeds of both. */
function resultsOf({ group, pairings }: GroupReport): readonly Result[] {
  return pairings.map(({ method, other, regrets: [own, rival] }) =>
    cost(`regret, ${group}, ${method}`, own, 'regret', titles.get(other) ?? other, rival),
  );
}

/** Four digits are more than the seeds bear. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
