/** The register of peers: to add one, write its script in bench/peers/ and its line here. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Problem } from '../problem.js';

export interface Peer {
  readonly name: string;
  readonly title: string;
  readonly script: string;
  /** What the script is told to be. */
  readonly kind: string;
  /** Folder of its virtual environment: packages that agree share one. */
  readonly environment: string;
  /** Its own package first, whose version decides which lines count. */
  readonly pins: readonly string[];
  /** It is not run on problems with parameters that are not always there. */
  readonly lacksConditions?: true;
}

const OPTUNA = ['optuna==5.0.0'];
/** The package that PyPI has for Linux brings CUDA along: some gigabytes. */
const OPTUNA_WITH_TORCH = [...OPTUNA, 'scipy==1.17.1', 'torch==2.15.0'];

export const PEERS: readonly Peer[] = [
  optuna('tpe', 'Optuna TPE', OPTUNA),
  optuna('gp', 'Optuna GP', OPTUNA_WITH_TORCH),
  optuna('cmaes', 'Optuna CMA-ES', [...OPTUNA, 'cmaes==0.13.1']),
  optuna('random', 'Optuna random', OPTUNA),
  hyperopt('tpe', 'hyperopt TPE'),
  hyperopt('anneal', 'hyperopt anneal'),
  {
    name: 'smac-hpo',
    title: 'SMAC3, random forest',
    script: 'smac_peer.py',
    kind: 'hpo',
    environment: 'peers-smac',
    pins: ['smac==2.4.1'],
  },
  {
    name: 'hebo',
    title: 'HEBO',
    script: 'hebo_peer.py',
    kind: 'hebo',
    environment: 'peers-hebo',
    // The newest that its own limit on numpy allows.
    pins: ['HEBO==0.3.6', 'numpy==1.24.4', 'torch==2.2.2', 'scipy==1.11.4', 'scikit-learn==1.3.2', 'pandas==2.0.3'],
    lacksConditions: true,
  },
  {
    name: 'ax',
    title: 'Ax (BoTorch)',
    script: 'ax_peer.py',
    kind: 'ax',
    environment: 'peers-ax',
    pins: ['ax-platform==1.3.1'],
    lacksConditions: true,
  },
];

/** Peers that are others by turns. */
interface Composed {
  readonly name: string;
  readonly title: string;
  /** Name of the peer that it is on this problem. */
  readonly on: (problem: Problem) => string;
}

/**
 * AutoSampler is downloaded at run time and not to be had without a network; below 250 trials it is TPE as soon as there is
 * a categorical or a condition, and GP elsewhere.
 * @source optunahub.org, samplers/auto_sampler, as of Optuna 5.
 */
export const COMPOSED: readonly Composed[] = [
  {
    name: 'optuna-auto',
    title: "Optuna by AutoSampler's rule",
    on: (problem) => {
      const { parameters } = problem.instance(0).space;
      const isPlain = parameters.every(
        ({ kind, when }) => kind !== 'categorical' && kind !== 'boolean' && when === undefined,
      );
      return isPlain ? 'optuna-gp' : 'optuna-tpe';
    },
  },
];

const execute = promisify(execFile);
const INSTALL_LIMIT_MS = 1_800_000;

/**
 * The interpreter of the peer's environment, which is made, and filled, when it is missing.
 * @throws Error when Python or the package is not to be had.
 */
export async function pythonOf({ environment, pins }: Peer): Promise<string> {
  const cache = process.env.TRIALGRAPH_BENCH_CACHE ?? path.join(tmpdir(), 'trialgraph-bench-cache');
  const folder = path.join(cache, environment);
  const file = path.join(folder, 'bin/python3');
  mkdirSync(cache, { recursive: true });
  if (!existsSync(file)) await execute('python3', ['-m', 'venv', folder]);
  const wanted = pins.map((pin) => pin.split('=='));
  // A build's own mark, as in 2.15.0+cpu, is no other version.
  const check = `from importlib.metadata import version; assert all(version(n).split('+')[0] == v for n, v in ${JSON.stringify(wanted)})`;
  try {
    await execute(file, ['-c', check]);
  } catch {
    console.error(`installing ${pins.join(', ')}`);
    await execute(file, ['-m', 'pip', 'install', '--quiet', ...pins], { timeout: INSTALL_LIMIT_MS });
  }
  return file;
}

function optuna(kind: string, title: string, pins: readonly string[]): Peer {
  return { name: `optuna-${kind}`, title, script: 'optuna_peer.py', kind, environment: 'peers-optuna', pins };
}

function hyperopt(kind: string, title: string): Peer {
  const pins = ['hyperopt==0.3.0'];
  const rest = { script: 'hyperopt_peer.py', kind, environment: 'peers-hyperopt', pins };
  return { name: `hyperopt-${kind}`, title, ...rest, lacksConditions: true };
}
