/** Which server a command speaks to, and as whom: flag, then variable, then the login kept for this person, then a server in this folder. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { Client } from '../../sdk/typescript/node-client.js';
import { CommandError } from './output.js';

export interface ConnectionOptions {
  readonly url?: string;
  readonly dataDir: string;
}

export interface Credentials {
  readonly url: string;
  readonly apiKey: string;
}

/** A server that is starting again is worth waiting for; a person who mistyped an address is not kept longer. */
const RETRY_SECONDS = 5;

/** Adds `--url` and `--data-dir`. A key is never a flag: arguments can be read by every user of a machine. */
export function withConnection(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'address of the server').env('TRIALGRAPH_URL'))
    .addOption(dataDirectoryOption());
}

export function dataDirectoryOption(): Option {
  return new Option('--data-dir <folder>', 'where a server of this folder keeps its data')
    .env('TRIALGRAPH_DATA_DIR')
    .default('./.trialgraph');
}

/** The credentials to use. @throws CommandError when there are none, with what to do about it. */
export async function findCredentials(options: ConnectionOptions): Promise<Credentials> {
  if (options.url && !URL.canParse(options.url))
    throw new CommandError(`${options.url} is not an address: say it like http://localhost:7777`, 2);
  const key = process.env.TRIALGRAPH_API_KEY;
  if (options.url && key) return { url: options.url, apiKey: key };
  const local = await read(resolve(options.dataDir, 'client.json'));
  const kept = await read(credentialsPath());
  const found = [local, kept].find((one) => one !== null && (!options.url || sameServer(one.url, options.url)));
  if (found) return key ? { ...found, apiKey: key } : found;
  throw new CommandError(
    options.url
      ? `no API key for ${options.url}: run \`trialgraph login ${options.url}\` or set TRIALGRAPH_API_KEY`
      : 'no server is known here: start one with `trialgraph up`, or run `trialgraph login <url>`',
    4,
  );
}

/** Runs `work` with a client that is closed afterwards. */
export async function withClient<Result>(
  options: ConnectionOptions,
  work: (client: Client, credentials: Credentials) => Promise<Result>,
): Promise<Result> {
  const credentials = await findCredentials(options);
  const client = new Client({ ...credentials, retry: { limitSeconds: RETRY_SECONDS } });
  try {
    return await work(client, credentials);
  } finally {
    await client.close();
  }
}

export async function keepCredentials(credentials: Credentials): Promise<string> {
  const path = credentialsPath();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  return path;
}

export async function forgetCredentials(): Promise<void> {
  await rm(credentialsPath(), { force: true });
}

function credentialsPath(): string {
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'trialgraph', 'credentials.json');
}

async function read(path: string): Promise<Credentials | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { url, apiKey } = JSON.parse(text) as Partial<Credentials>;
    return typeof url === 'string' && typeof apiKey === 'string' ? { url, apiKey } : null;
  } catch {
    throw new CommandError(`${path} is not the JSON that it should be; remove it, or log in again`);
  }
}

function sameServer(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).host === new URL(b).host;
}
