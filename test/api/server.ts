/** A world with its API on a free port, and clients for it. */
import { request as httpRequest } from 'node:http';
import WebSocket from 'ws';
import { type ApiServer, createApiServer } from '../../src/api/server.js';
import type { ApiKeyKind } from '../../src/domain/api-key.js';
import type { ExperimentId, TrialId } from '../../src/domain/ids.js';
import { createLoginCode } from '../../src/service/access/login.js';
import { createApiKey } from '../../src/service/api-key/create-api-key.js';
import { openWorld, type World } from '../support/world.js';

export interface Api {
  readonly world: World;
  readonly server: ApiServer;
  readonly url: string;
  /** Keys of each kind; `trial` is of a trial that runs in `experimentId`. */
  readonly keys: Readonly<Record<'admin' | 'viewer' | 'runner' | 'trial', string>>;
  readonly trialId: TrialId;
  readonly experimentId: ExperimentId;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any query.
  readonly data: any;
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly retry: string };
  }[];
  readonly text: string;
}

export interface OpenApiOptions {
  readonly webDirectory?: string | null;
  readonly introspection?: boolean;
  /** Changes what the API is given. */
  wrap?(world: World): World['deps'];
}

/** Opens a world with an API before it. Close it in `afterAll`. */
export async function openApi(options: OpenApiOptions = {}): Promise<Api> {
  const world = await openWorld();
  const server = await createApiServer({
    deps: options.wrap?.(world) ?? world.deps,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['trials.example'],
    webDirectory: options.webDirectory ?? null,
    introspection: options.introspection ?? false,
    log: (line) => void world.logged.push(line),
  });
  server.ready(true);
  const admin = await newKey(world, 'USER');
  const started = await post(
    server.url,
    admin,
    'mutation($input: StartTrialInput!) { startTrial(input: $input) { token trial { id experimentId } } }',
    {
      input: { project: world.project.name, experiment: 'experiment', params: { rate: 0.1 } },
    },
  );
  if (started.errors.length > 0) throw new Error(started.text);
  const { token, trial } = started.data.startTrial;
  return {
    world,
    server,
    url: server.url,
    keys: {
      admin,
      viewer: await newKey(world, 'SERVICE', 'viewer'),
      runner: await newKey(world, 'RUNNER'),
      trial: token,
    },
    trialId: trial.id,
    experimentId: trial.experimentId,
    close: async () => {
      await server.close();
      await world.close();
    },
  };
}

/** A new key of the administrator's making. */
export async function newKey(world: World, kind: ApiKeyKind, role: 'viewer' | 'writer' | null = null): Promise<string> {
  const poolId = kind === 'RUNNER' ? world.pool.id : null;
  return (await createApiKey(world.deps, world.admin, { kind, name: `${kind} key`, role, poolId })).secret;
}

/** The Cookie header of a new login of the administrator. */
export async function login(api: Api): Promise<string> {
  const { code } = await createLoginCode(api.world.deps, api.world.admin.userId);
  const response = await fetch(`${api.url}/login?code=${code}`, { redirect: 'manual' });
  return String(response.headers.get('set-cookie')).split(';')[0] ?? '';
}

/** Posts an operation. `authorization`: a key, a Cookie header (`name=value`), or null. */
export async function post(
  url: string,
  authorization: string | null,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credential(authorization), ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return answerOf(response);
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { data = null, errors = [] } = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, data, errors, text };
}

export function credential(authorization: string | null): Record<string, string> {
  if (authorization === null) return {};
  return authorization.startsWith('tg_') ? { authorization: `Bearer ${authorization}` } : { cookie: authorization };
}

/** A request with headers that fetch does not let one set, such as Host. @returns the status. */
export function rawStatus(url: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end();
  });
}

export interface Socket {
  send(message: unknown): void;
  /** The next message; rejects when the socket closes or none comes within 5 s. */
  // biome-ignore lint/suspicious/noExplicitAny: messages of any kind.
  next(): Promise<any>;
  /** The close code, or the HTTP status of a refused upgrade. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Opens a WebSocket that speaks graphql-transport-ws. */
export function openSocket(url: string, headers: Readonly<Record<string, string>> = {}): Socket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  const messages: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  const opened = new Promise<void>((resolve) => socket.once('open', resolve));
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'ping') return;
    const waiter = waiting.shift();
    if (waiter === undefined) messages.push(message);
    else waiter(message);
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', resolve);
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
  return {
    send: (message) => void opened.then(() => socket.send(JSON.stringify(message))),
    next: () =>
      new Promise((resolve, reject) => {
        if (messages.length > 0) return resolve(messages.shift());
        const timer = setTimeout(() => reject(new Error('no message came')), 5_000);
        waiting.push((message) => {
          clearTimeout(timer);
          resolve(message);
        });
        void closed.then((code) => reject(new Error(`the socket closed with ${code}`)));
      }),
    closed,
    close: () => socket.close(),
  };
}

/** An acknowledged WebSocket of a key. */
export async function openSignedSocket(url: string, key: string): Promise<Socket> {
  const socket = openSocket(url);
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
  const ack = await socket.next();
  if (ack.type !== 'connection_ack') throw new Error(`expected an acknowledgement, got ${JSON.stringify(ack)}`);
  return socket;
}
