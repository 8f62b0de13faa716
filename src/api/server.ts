/** One port for everything: GraphQL over HTTP and WebSocket, logins, artifacts, exports, health and the dashboard. */
import fastifyCookie from '@fastify/cookie';
import Fastify, { type FastifyError, type FastifyInstance, type RouteOptions } from 'fastify';
import { ERRORS, isPlatformError, PlatformError } from '../domain/errors.js';
import type { Deps } from '../service/deps.js';
import { errorBody, retryAfterSeconds, toPlatformError } from './errors.js';
import { artifactRoutes } from './http/artifacts.js';
import { dashboardRoutes } from './http/dashboard.js';
import { exportRoutes } from './http/exports.js';
import { graphqlRoutes } from './http/graphql.js';
import { healthRoutes } from './http/health.js';
import { loginRoutes } from './http/login.js';
import { type OriginPolicy, originPolicy } from './http/origin.js';
import { type RouteContext, watchRoutes } from './http/route.js';
import { buildApiSchema } from './schema.js';
import { serveSockets } from './sockets.js';

export interface ApiServerOptions {
  readonly deps: Deps;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Names besides ours that the Host and Origin headers may have, e.g. behind a proxy. */
  readonly allowedHosts?: readonly string[];
  /** Where the built dashboard is; null: there is none. */
  readonly webDirectory: string | null;
  readonly version?: string;
  /** Whether the schema may be asked for; not in production. */
  readonly introspection?: boolean;
  /** Rejects when something that we need does not answer: part of `/readyz`. */
  probe?(): Promise<void>;
  log(line: string): void;
}

export interface ApiServer {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** All HTTP routes, for the tests. */
  readonly routes: readonly RouteOptions[];
  /** What `/readyz` says. */
  ready(isReady: boolean): void;
  /** Stops in order: not ready, sockets told to come back, work in flight finished within 25 s. Idempotent. */
  close(): Promise<void>;
}

const BODY_BYTES = 256 * 1024;
const DRAIN_MS = 25_000;

/** Starts to listen. `/readyz` says no until `ready(true)`. @throws STATE_CONFLICT when the port is taken. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { deps, host, port, allowedHosts = [], introspection = false, log } = options;
  const schema = await buildApiSchema();
  const app = Fastify({ bodyLimit: BODY_BYTES, forceCloseConnections: 'idle', routerOptions: { maxParamLength: 200 } });
  const routes = watchRoutes(app);
  let isReady = false;
  let policy: OriginPolicy | null = null;
  const policyNow = (): OriginPolicy => {
    if (policy === null) throw new PlatformError('OVERLOADED', 'the server is starting; try again shortly');
    return policy;
  };
  const contextOf = (instance: FastifyInstance): RouteContext => ({ app: instance, deps, policy: policyNow });

  await app.register(fastifyCookie);
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    policyNow().assertOurs(request.headers);
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const platform = fromFastify(error) ?? toPlatformError(error, { log, random: deps.random });
    const { status } = ERRORS[platform.code];
    const retryAfter = retryAfterSeconds(platform.code, platform.data);
    if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
    return reply
      .code(reply.statusCode >= 400 ? reply.statusCode : status)
      .type('application/json; charset=utf-8')
      .send(errorBody(platform));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody(new PlatformError('NOT_FOUND', 'there is nothing at this path'))),
  );

  const apollo = await graphqlRoutes(contextOf(app), schema, introspection);
  loginRoutes(contextOf(app));
  healthRoutes(contextOf(app), {
    version: options.version ?? '0.0.0',
    isReady: () => isReady,
    probe: options.probe ?? (async () => undefined),
  });
  await app.register(async (scope) => artifactRoutes(contextOf(scope)));
  exportRoutes(contextOf(app));
  await dashboardRoutes(contextOf(app), options.webDirectory);

  const sockets = serveSockets({
    server: app.server,
    schema,
    deps,
    hasIntrospection: introspection,
    policy: policyNow,
  });
  await listen(app, host, port);
  const address = app.server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  policy = originPolicy({ port: listening, host, allowedHosts });

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    isReady = false;
    await sockets.close();
    const limit = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
    // Before Apollo stops, which would fail the operations of requests that are still being read.
    await app.close();
    clearTimeout(limit);
    await apollo.stop();
  };
  return {
    url: `http://${urlHost(host)}:${listening}`,
    routes,
    ready: (value) => {
      isReady = value;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE')
      throw new PlatformError(
        'STATE_CONFLICT',
        `port ${port} of ${host} is taken; stop what uses it, or choose another with TRIALGRAPH_PORT`,
      );
    if (code === 'EACCES')
      throw new PlatformError(
        'STATE_CONFLICT',
        `port ${port} of ${host} may not be used by this account; choose another with TRIALGRAPH_PORT`,
      );
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new PlatformError(
        'STATE_CONFLICT',
        `${host} is not an address of this machine; choose another with TRIALGRAPH_HOST`,
      );
    throw error;
  }
}

/** What Fastify itself refuses, in words of our table; null when it is not Fastify's doing. */
function fromFastify(error: FastifyError): PlatformError | null {
  if (isPlatformError(error)) return null;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new PlatformError('BODY_TOO_LARGE', 'the request body is too large');
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? new PlatformError('BAD_REQUEST', error.message) : null;
}

function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
