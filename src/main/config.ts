/** Configuration, read once from the environment: the only place that knows the names of variables. */
import { resolve } from 'node:path';

export interface Config {
  /** The one folder where everything is kept. */
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  /** A Postgres of the operator's; null: the embedded one. */
  readonly databaseUrl: string | null;
  /** Lease of the pool `default` when the first start makes it, in seconds. */
  readonly leaseSeconds: number;
  /** How long points stay in the log before they are compacted: a cursor of a live subscription that is older starts anew. */
  readonly tailWindowSeconds: number;
  /** How long a day lasts for what is kept for days: 86,400, less only in soak tests, which see weeks of it in minutes. */
  readonly daySeconds: number;
  /** Names under which the server may be called besides its address. */
  readonly allowedHosts: readonly string[];
  /** 32 bytes in hex or base64, shared by the servers of one database; null: kept in the data folder. */
  readonly pepper: string | null;
  /** Free bytes of each volume below which new data is refused; null: 5 % of it, between 64 MiB and 2 GiB. */
  readonly minFreeBytes: number | null;
  /** How large the database at `databaseUrl` may grow, in bytes; null: its disk is its operator's concern. */
  readonly maxDatabaseBytes: number | null;
  /** Files with samplers of the operator's own, absolute. */
  readonly samplers: readonly string[];
  /** NODE_ENV=production: the schema is not told to clients. */
  readonly isProduction: boolean;
}

export const DAY_SECONDS = 86_400;

/** A setting, or the surroundings, must be mended by a person before another start can succeed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError when a value is not acceptable. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return {
    dataDirectory: resolve(environment.TRIALGRAPH_DATA_DIR || './.trialgraph'),
    host: environment.TRIALGRAPH_HOST || '127.0.0.1',
    port: wholeNumber(environment, 'TRIALGRAPH_PORT', { least: 0, most: 65_535, otherwise: 7777 }),
    databaseUrl: postgresUrl(environment.DATABASE_URL),
    leaseSeconds: wholeNumber(environment, 'TRIALGRAPH_LEASE_SECONDS', { least: 1, most: 3_600, otherwise: 60 }),
    tailWindowSeconds: wholeNumber(environment, 'TRIALGRAPH_TAIL_WINDOW_SECONDS', {
      least: 1,
      most: 604_800,
      otherwise: 3_600,
    }),
    daySeconds: wholeNumber(environment, 'TRIALGRAPH_TEST_DAY_SECONDS', {
      least: 1,
      most: DAY_SECONDS,
      otherwise: DAY_SECONDS,
    }),
    allowedHosts: hostNames(environment.TRIALGRAPH_ALLOWED_HOSTS),
    pepper: environment.TRIALGRAPH_PEPPER || null,
    minFreeBytes: bytes(environment, 'TRIALGRAPH_MIN_FREE_BYTES'),
    maxDatabaseBytes: bytes(environment, 'TRIALGRAPH_MAX_DATABASE_BYTES'),
    samplers: paths(environment.TRIALGRAPH_SAMPLERS),
    isProduction: environment.NODE_ENV === 'production',
  };
}

function hostNames(text: string | undefined): readonly string[] {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const wrong = names.find((name) => name !== '' && !/^[a-z0-9.:[\]-]+$/i.test(name));
  if (wrong === undefined) return names.filter((name) => name !== '');
  throw new ConfigError(
    `TRIALGRAPH_ALLOWED_HOSTS must be host names with commas between, not ${JSON.stringify(wrong)}`,
  );
}

/** With commas between; relative to the folder in which the server starts. */
function paths(text: string | undefined): readonly string[] {
  const given = (text ?? '').split(',').map((path) => path.trim());
  return given.filter((path) => path !== '').map((path) => resolve(path));
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly otherwise: number;
}

function wholeNumber(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  { least, most, otherwise }: Range,
): number {
  const text = environment[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}

function bytes(environment: Readonly<Record<string, string | undefined>>, name: string): number | null {
  if (!environment[name]) return null;
  return wholeNumber(environment, name, { least: 0, most: Number.MAX_SAFE_INTEGER, otherwise: 0 });
}

function postgresUrl(text: string | undefined): string | null {
  if (!text) return null;
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return text;
  throw new ConfigError('DATABASE_URL must look like postgres://user:password@host:5432/database');
}
