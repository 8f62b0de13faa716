/** Where the SDK speaks and how it behaves: options, then variables, then the server of this folder, then the kept login. */

import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputInvalidError } from './errors.js';

const DEFAULT_URL = 'http://localhost:7777';

export type Mode = 'online' | 'offline' | 'disabled';

export interface Settings {
  readonly url: string;
  readonly apiKey: string | null;
  readonly mode: Mode;
  /** Set by a runner: this program executes that trial. */
  readonly trialId: string | null;
  readonly attempt: number;
  readonly project: string;
  readonly experiment: string;
  readonly spoolFolder: string;
  readonly isQuiet: boolean;
}

/** Settings that a caller gives; they win over the environment. */
export interface GivenSettings {
  readonly url?: string | undefined;
  readonly apiKey?: string | null | undefined;
  readonly mode?: Mode | undefined;
  readonly project?: string | undefined;
  readonly experiment?: string | undefined;
  readonly spoolFolder?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** @throws INPUT_INVALID when TRIALGRAPH_MODE is none of the three. */
export function readSettings(given: GivenSettings = {}, environment: NodeJS.ProcessEnv = process.env): Settings {
  const variable = (name: string): string | undefined => environment[`TRIALGRAPH_${name}`] || undefined;
  const { url, apiKey } = findServer(given, variable);
  return {
    url,
    apiKey,
    mode: parseMode(given.mode ?? variable('MODE') ?? 'online'),
    trialId: variable('TRIAL_ID') ?? null,
    attempt: Number(variable('ATTEMPT') ?? 1),
    project: given.project ?? variable('PROJECT') ?? 'default',
    experiment: given.experiment ?? variable('EXPERIMENT') ?? 'default',
    spoolFolder: given.spoolFolder ?? variable('SPOOL_DIR') ?? join(tmpdir(), 'trialgraph-spool'),
    isQuiet: given.quiet ?? /^(1|true|yes)$/i.test(variable('QUIET') ?? ''),
  };
}

/** A key from a file is used only for the server that the file names. */
function findServer(
  given: GivenSettings,
  variable: (name: string) => string | undefined,
): { url: string; apiKey: string | null } {
  const url = given.url ?? variable('URL');
  const apiKey = given.apiKey ?? variable('API_KEY');
  if (url && apiKey) return { url, apiKey };
  const configFolder = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
  const files = [join('.trialgraph', 'client.json'), join(configFolder, 'trialgraph', 'credentials.json')];
  const found = files.map(readServer).find((one) => one && (!url || isSameServer(one.url, url)));
  return { url: url ?? found?.url ?? DEFAULT_URL, apiKey: apiKey ?? found?.apiKey ?? null };
}

function readServer(path: string): { url: string; apiKey: string } | null {
  try {
    const { url, apiKey } = JSON.parse(readFileSync(path, 'utf8')) as { url?: unknown; apiKey?: unknown };
    return typeof url === 'string' && typeof apiKey === 'string' ? { url, apiKey } : null;
  } catch {
    return null;
  }
}

function isSameServer(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).host === new URL(b).host;
}

function parseMode(mode: string): Mode {
  if (mode === 'online' || mode === 'offline' || mode === 'disabled') return mode;
  throw new InputInvalidError('INPUT_INVALID', `mode ${mode} is none of online, offline, disabled`, 'never');
}
