/**
 * The rivals that Python carries: their pinned versions in a virtual environment in a cache folder, made when it is
 * missing. What cannot be installed is left out, and said.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const HERE = import.meta.dirname;
const INSTALL_LIMIT_MS = 600_000;

/**
 * Packages of each rival, its own first. Whoever raises a version looks whether the questions put to it are still its
 * best. SQLAlchemy 2.1 finds psycopg2 only when the URL names it.
 */
const PINS = {
  MLflow: ['mlflow==3.17.2', 'psycopg2-binary==2.9.13', 'sqlalchemy==2.1.9'],
  Aim: ['aim==3.29.1'],
  tensorboardX: ['tensorboardX==2.6.5'],
} as const;

export type RivalName = keyof typeof PINS;

export interface Python {
  /** The interpreter; it has what is not left out. */
  readonly file: string;
  has(rival: RivalName): boolean;
  /** Name and version, as results show it. */
  title(rival: RivalName): string;
  /** What a program of this folder says in its last line. @throws Error when it fails; `TimeoutError` after the limit. */
  run<Answer>(program: string, args: readonly (string | number)[], limitMs: number): Promise<Answer>;
}

const execute = promisify(execFile);

/** Undefined when there is no Python, in which case no rival is there. */
export async function preparePython(): Promise<Python | undefined> {
  const cache = process.env.TRIALGRAPH_BENCH_CACHE ?? path.join(tmpdir(), 'trialgraph-bench-cache');
  const folder = path.join(cache, 'rivals');
  const file = path.join(folder, 'bin/python3');
  try {
    mkdirSync(cache, { recursive: true });
    if (!existsSync(file)) await execute('python3', ['-m', 'venv', folder]);
    await execute(file, ['-m', 'pip', '--version']);
  } catch (error) {
    console.error(`all rivals are left out: no Python with venv and pip (${lastLine(error)})`);
    return undefined;
  }
  const there = new Set<RivalName>();
  for (const name of Object.keys(PINS) as RivalName[]) if (await install(file, name)) there.add(name);
  return {
    file,
    has: (rival) => there.has(rival),
    title: (rival) => `${rival} ${PINS[rival][0].replace(/.*==/, '')}`,
    run: async <Answer>(program: string, args: readonly (string | number)[], limitMs: number) => {
      const { stdout } = await execute(file, [path.join(HERE, program), ...args.map(String)], {
        timeout: limitMs,
        killSignal: 'SIGKILL',
        env: { ...process.env, PYTHONPATH: path.join(HERE, '../../sdk/python'), ...QUIET },
      }).catch((error: { readonly killed?: boolean }) => {
        throw error.killed ? new DOMException(`${program} took too long`, 'TimeoutError') : error;
      });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
    },
  };
}

/** Rivals that call home would be measured with their calls. */
export const QUIET = { MLFLOW_DISABLE_TELEMETRY: 'true', AIM_ACCESS_LOG_LEVEL: 'error', GIT_PYTHON_REFRESH: 'quiet' };

/** True when the rival is there in its version, if need be now. */
async function install(file: string, name: RivalName): Promise<boolean> {
  const pins = PINS[name];
  const wanted = pins.map((pin) => pin.split('=='));
  const check = `from importlib.metadata import version; assert all(version(n) == v for n, v in ${JSON.stringify(wanted)})`;
  try {
    await execute(file, ['-c', check]);
    return true;
  } catch {
    console.error(`${name}: installing ${pins.join(', ')}`);
  }
  try {
    await execute(file, ['-m', 'pip', 'install', '--quiet', ...pins], { timeout: INSTALL_LIMIT_MS });
    return true;
  } catch (error) {
    console.error(`${name} is left out: ${lastLine(error)}`);
    return false;
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? ((error as { stderr?: string }).stderr ?? '') || error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
