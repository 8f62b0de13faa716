/**
 * What a proposal costs with 100 to 10,000 finished trials (`--trials`): ask and tell in memory, ten floats, p50 and p99 of
 * each sampler (`--samplers`; all that serve any space, unless said otherwise) beside Optuna's of the same idea, in turn, on
 * one thread each. Milliseconds are processor time, which other load changes little. A method whose proposals take longer than a second is not asked with more trials.
 *
 * Then the same as a script has it (`--http`, samplers; none to leave it out): durable, through HTTP and Postgres, with
 * `--http-trials` finished trials, in milliseconds of waiting, beside Optuna's TPE with SQLite.
 */
import { parseArgs } from 'node:util';
import { createRng } from '../src/search/math/rng.js';
import { samplers } from '../src/search/samplers/index.js';
import { drawUniform } from '../src/search/samplers/uniform.js';
import type { Params } from '../src/search/space/parameter.js';
import { parseSpace } from '../src/search/space/parse-space.js';
import { seededGenerator } from '../src/service/search/generator.js';
import { measureDurable } from './support/ask-tell-http.js';
import type { Optimiser, Start } from './support/regret/run/drive.js';
import { beginOurs, parseSpec } from './support/regret/run/ours.js';
import { type PeerProcess, startPeer } from './support/regret/run/peer-process.js';
import { PEERS, type Peer, pythonOf } from './support/regret/run/peers.js';
import { cost, finish, latency, quantile, type Result } from './support/result.js';

const { values: flags } = parseArgs({
  options: {
    samplers: { type: 'string' },
    trials: { type: 'string', default: '100,250,500,1000,10000' },
    asks: { type: 'string', default: '200' },
    http: { type: 'string', default: 'tpe' },
    'http-trials': { type: 'string', default: '1000' },
  },
});
const DIMENSION = 10;
/** Before figures count: compilers learn the code first. */
const WARM_ASKS = 50;
const WARM_LIMIT_MS = 5_000;
/** One method at one size is asked no longer than this, but three times. */
const LIMIT_MS = 20_000;
const FEWEST_ASKS = 3;
const TOO_SLOW_MS = 1_000;
/** Grids need points of floats to be chosen, and one serves no purpose here. */
const UNSUITED = ['grid'];
/** Peer of the same idea by kind; TPE, Optuna's own default, beside whatever has none. */
const RIVALS: Readonly<Record<string, string>> = {
  random: 'optuna-random',
  tpe: 'optuna-tpe',
  gp: 'optuna-gp',
  auto: 'optuna-gp',
  cma: 'optuna-cmaes',
  cmaes: 'optuna-cmaes',
};

const names = Array.from({ length: DIMENSION }, (_, i) => `x${i}`);
const space = parseSpace({ parameters: names.map((name) => ({ name, kind: 'float', low: -5, high: 5 })) });
const sphere = (params: Params) => names.reduce((sum, name) => sum + (Number(params[name]) - 1) ** 2, 0);
const start = (trials: number): Start => ({ space, direction: 'minimize', isConstrained: false, seed: 0, trials });

/** Milliseconds of processor time of each ask with its tell, on top of so many trials. */
async function measure(optimiser: Optimiser, trials: number): Promise<readonly number[]> {
  const rng = createRng('ask-tell', seededGenerator);
  const params = Array.from({ length: trials }, () => drawUniform(space, rng));
  await optimiser.fill(params, params.map(sphere));
  const askOnce = async () => {
    const before = optimiser.seconds();
    const asked = await optimiser.ask();
    if (asked === undefined) throw new Error('ten floats are never exhausted');
    await optimiser.tell({ value: sphere(asked) });
    return 1_000 * (optimiser.seconds() - before);
  };
  const warmMs = performance.now();
  for (let i = 0; i < WARM_ASKS && performance.now() - warmMs < WARM_LIMIT_MS; i++) await askOnce();
  const taken: number[] = [];
  const begunMs = performance.now();
  while (taken.length < Number(flags.asks)) {
    taken.push(await askOnce());
    if (taken.length >= FEWEST_ASKS && performance.now() - begunMs > LIMIT_MS) break;
  }
  return taken;
}

const listed = (text: string) => text.split(',').filter((kind) => kind !== '');
const kinds =
  flags.samplers === undefined
    ? Object.keys(samplers).filter((kind) => !UNSUITED.includes(kind))
    : listed(flags.samplers);
const sizes = flags.trials.split(',').map(Number);
const processes = new Map<string, PeerProcess | null>();
/** Rivals are asked once at each size, though several of ours may stand beside them. */
const known = new Map<string, readonly number[]>();

async function processOf(peer: Peer): Promise<PeerProcess | null> {
  const there = processes.get(peer.name);
  if (there !== undefined) return there;
  const made = await pythonOf(peer).then(
    (python) => startPeer(python, peer.script, peer.kind),
    (error: unknown) => {
      console.error(`${peer.title} is left out: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
      return null;
    },
  );
  processes.set(peer.name, made);
  return made;
}

async function measurePeer(peer: Peer, trials: number): Promise<readonly number[] | null> {
  const key = `${peer.name} ${trials}`;
  const there = known.get(key);
  if (there !== undefined) return there;
  const child = await processOf(peer);
  if (child === null) return null;
  const taken = await measure(await child.begin(start(trials)), trials);
  known.set(key, taken);
  return taken;
}

/** Optuna's default sampler as people keep a study: in a file. */
const SQLITE: Peer = {
  ...(PEERS.find(({ name }) => name === 'optuna-tpe') as Peer),
  name: 'optuna-tpe-sqlite',
  title: 'Optuna TPE with SQLite',
  kind: 'tpe-sqlite',
};

/** Milliseconds that each ask with its tell takes, on top of so many trials; null without Python. */
async function waitForPeer(peer: Peer, trials: number, asks: number): Promise<readonly number[] | null> {
  const child = await processOf(peer);
  if (child === null) return null;
  const optimiser = await child.begin(start(trials));
  const rng = createRng('ask-tell', seededGenerator);
  const params = Array.from({ length: trials }, () => drawUniform(space, rng));
  await optimiser.fill(params, params.map(sphere));
  const taken: number[] = [];
  const begunMs = performance.now();
  while (taken.length < asks && performance.now() - begunMs < LIMIT_MS) {
    const startedMs = performance.now();
    const asked = await optimiser.ask();
    if (asked !== undefined) await optimiser.tell({ value: sphere(asked) });
    taken.push(performance.now() - startedMs);
  }
  return taken;
}

async function measureHttp(sampler: string): Promise<Result[]> {
  const [trials, asks] = [Number(flags['http-trials']), Number(flags.asks)];
  const own = await measureDurable({ sampler, space, trials, asks, value: sphere });
  const theirs = await waitForPeer(SQLITE, trials, asks);
  const rival = theirs === null ? 'not run' : SQLITE.title;
  const name = `ask-tell over HTTP, ${sampler}, ${trials.toLocaleString('en')} trials`;
  const of = (q: number) => (theirs === null ? Number.NaN : quantile(theirs, q));
  const { server, postgres } = own.cpu;
  return [
    latency(`${name}, p50`, quantile(own.taken, 0.5), rival, of(0.5)),
    latency(`${name}, p99`, quantile(own.taken, 0.99), rival, of(0.99)),
    cost(`${name}, CPU of the server, beside Postgres`, server, 'ms', 'Postgres', postgres),
  ];
}

const results: Result[] = [];
try {
  for (const kind of kinds) {
    const peer = PEERS.find(({ name }) => name === (RIVALS[kind] ?? 'optuna-tpe'));
    let isSlow = { ours: false, theirs: peer === undefined };
    for (const trials of sizes) {
      if (isSlow.ours) break;
      const own = await measure(await beginOurs(parseSpec(kind), start(trials)), trials);
      const theirs = peer === undefined || isSlow.theirs ? null : await measurePeer(peer, trials);
      isSlow = {
        ours: quantile(own, 0.5) > TOO_SLOW_MS,
        theirs: theirs === null || quantile(theirs, 0.5) > TOO_SLOW_MS,
      };
      for (const [label, q] of [
        ['p50', 0.5],
        ['p99', 0.99],
      ] as const) {
        const name = `ask-tell, ${kind}, ${trials.toLocaleString('en')} trials, ${label}`;
        const rival = peer === undefined || theirs === null ? 'not run' : peer.title;
        results.push(latency(name, quantile(own, q), rival, theirs === null ? Number.NaN : quantile(theirs, q)));
      }
    }
  }
  for (const kind of listed(flags.http)) results.push(...(await measureHttp(kind)));
} finally {
  for (const child of processes.values()) await child?.close();
}
finish(results);
