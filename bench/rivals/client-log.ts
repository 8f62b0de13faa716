/**
 * What one call that logs one value costs the training loop, mean of many in a process of its own, and how many values
 * a second one loop gets to where its tool keeps them: our SDKs with their server, MLflow's client with its server (it
 * waits for each by default, or not), Aim with its local repository, tensorboardX with a file.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cost, latency, quantile, type Result, rate } from '../support/result.js';
import { ask } from '../support/server.js';
import { askMlflow, isTimeout } from './mlflow-api.js';
import type { Python } from './python.js';
import { numberOf, type Sides } from './sides.js';

const LIMIT_MS = 120_000;
const CALLS = { ours: 20_000, sync: 200, async: 2_000, aim: 20_000, tensorboard: 20_000 };
const LONG = 100_000;
const SERIES = `query ($ids: [ID!]) { series(trialIds: $ids, keys: ["loss"], maxPoints: 1000) {
  series { count steps values min max } } }`;

interface Logged {
  readonly micros: number;
  readonly perSecond: number;
  readonly id: string;
  /** It was not done at its limit, of which the figures are then made. */
  readonly isStopped?: true;
}

type Program = () => Promise<Logged>;

export async function compareClientLog(python: Python, sides: Sides): Promise<Result[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trialgraph-bench-'));
  try {
    const { own, theirs } = programs(python, sides, folder);
    const figures = new Map<string, Logged[]>([...own, ...theirs].map(([title]) => [title, []]));
    for (let round = 0; round < sides.rounds; round++)
      for (const [title, run] of [...own, ...theirs]) figures.get(title)?.push(await run());
    const of = (title: string, key: 'micros' | 'perSecond') => (figures.get(title) ?? []).map((one) => one[key]);
    const stopped = (rival: string) =>
      figures.get(rival)?.some(({ isStopped }) => isStopped) ? { rivalStopped: true as const } : {};
    return [...own.keys()].flatMap((ours) =>
      [...theirs.keys()].flatMap((rival) => [
        { ...cost(`rivals, ${ours}, a call`, of(ours, 'micros'), 'µs', rival, of(rival, 'micros')), ...stopped(rival) },
        {
          ...rate(
            `rivals, ${ours}, one loop until kept`,
            of(ours, 'perSecond'),
            'points/s',
            rival,
            of(rival, 'perSecond'),
          ),
          ...stopped(rival),
        },
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Aim reads in the process that asks, without a server; ours is asked over HTTP. */
export async function compareAimChart(python: Python, { ours, rounds }: Sides): Promise<Result[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'trialgraph-bench-'));
  try {
    const name = `rivals, charts, one series of ${LONG.toLocaleString('en')} steps, just logged`;
    const rival = python.title('Aim');
    const { id } = await logOurs(python, ours, LONG);
    const [own, theirs]: [number[], number[]] = [[], []];
    try {
      const written = await python.run<Logged>('log_aim.py', [folder, LONG], LIMIT_MS);
      for (let round = 0; round < rounds; round++) {
        own.push(await readOurs(ours, id));
        theirs.push(await readAim(python, folder, written.id));
      }
    } catch (error) {
      if (!isTimeout(error)) throw error;
      if (own.length === 0) own.push(await readOurs(ours, id));
      return [{ ...latency(name, quantile(own, 0.5), rival, LIMIT_MS), rivalStopped: true }];
    }
    return [latency(name, own, rival, theirs)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rival's answer, or what it comes to when it is stopped at the limit. */
async function orStopped(calls: number, work: () => Promise<Logged>): Promise<Logged> {
  try {
    return await work();
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return { micros: (LIMIT_MS * 1_000) / calls, perSecond: calls / (LIMIT_MS / 1_000), id: '', isStopped: true };
  }
}

/** Milliseconds of the second of two requests, as Aim's are. */
async function readOurs(ours: Sides['ours'], id: string): Promise<number> {
  let startedMs = 0;
  for (let i = 0; i < 2; i++) {
    startedMs = performance.now();
    const { series } = (
      await ask<{ series: { series: readonly { readonly count: number }[] } }>(ours, SERIES, { ids: [id] })
    ).series;
    check('our chart', LONG, series[0]?.count ?? 0);
  }
  return performance.now() - startedMs;
}

async function readAim(python: Python, folder: string, hash: string): Promise<number> {
  const { milliseconds, rows, stored } = await python.run<{
    readonly milliseconds: number;
    readonly rows: number;
    readonly stored: number;
  }>('read_aim.py', [folder, hash], LIMIT_MS);
  check('Aim', LONG, stored);
  if (rows < 900) throw new Error(`Aim gave ${rows} rows`);
  return milliseconds;
}

function programs(python: Python, { ours, mlflow, rival }: Sides, folder: string) {
  const own = new Map<string, Program>([
    ['TypeScript SDK', () => logTypescript(ours)],
    ['Python SDK', () => logOurs(python, ours, CALLS.ours)],
  ]);
  const theirs = new Map<string, Program>([
    [rival, () => orStopped(CALLS.sync, () => logMlflow(python, mlflow, CALLS.sync, 'sync'))],
    [
      `${rival}, synchronous=False`,
      () => orStopped(CALLS.async, () => logMlflow(python, mlflow, CALLS.async, 'async')),
    ],
  ]);
  let made = 0;
  const fresh = () => path.join(folder, String(made++));
  if (python.has('Aim'))
    theirs.set(python.title('Aim'), () =>
      orStopped(CALLS.aim, async () => {
        const own = fresh();
        const logged = await python.run<Logged>('log_aim.py', [own, CALLS.aim], LIMIT_MS);
        const { stored } = await python.run<{ stored: number }>('read_aim.py', [own, logged.id], LIMIT_MS);
        check('Aim', CALLS.aim, stored);
        return logged;
      }),
    );
  if (python.has('tensorboardX'))
    theirs.set(python.title('tensorboardX'), () =>
      orStopped(CALLS.tensorboard, async () => {
        const args = [fresh(), CALLS.tensorboard];
        const logged = await python.run<Logged & { stored: number }>('log_tensorboard.py', args, LIMIT_MS);
        check('tensorboardX', CALLS.tensorboard, logged.stored);
        return logged;
      }),
    );
  return { own, theirs };
}

async function logTypescript(ours: Sides['ours']): Promise<Logged> {
  const file = path.join(import.meta.dirname, 'log-trialgraph.ts');
  const args = ['--import', '@oxc-node/core/register', file, ours.url, ours.apiKey, String(CALLS.ours)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: LIMIT_MS, killSignal: 'SIGKILL' });
  const logged = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Logged;
  await checkOurs(ours, logged.id, CALLS.ours);
  return logged;
}

async function logOurs(python: Python, ours: Sides['ours'], calls: number): Promise<Logged> {
  const logged = await python.run<Logged>('log_trialgraph.py', [ours.url, ours.apiKey, calls], LIMIT_MS);
  await checkOurs(ours, logged.id, calls);
  return logged;
}

async function logMlflow(python: Python, server: Sides['mlflow'], calls: number, mode: string): Promise<Logged> {
  const logged = await python.run<Logged>('log_mlflow.py', [server.url, calls, mode], LIMIT_MS);
  const query = new URLSearchParams({ run_id: logged.id, metric_key: 'loss' });
  const { metrics } = await askMlflow<{ metrics: readonly object[] }>(
    server,
    `api/2.0/mlflow/metrics/get-history?${query}`,
  );
  check('MLflow', calls, metrics.length);
  return logged;
}

async function checkOurs({ databaseUrl }: Sides['ours'], id: string, calls: number): Promise<void> {
  check('ours', calls, await numberOf(databaseUrl, 'SELECT sum(n) AS n FROM metric_summary WHERE trial_id = $1', [id]));
}

function check(who: string, logged: number, stored: number): void {
  if (logged !== stored) throw new Error(`${who}: ${logged} values were logged, ${stored} are stored`);
}
