/** Every HTTP route says who may use it; a server with one that does not, refuses to start. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from 'fastify';
import { PlatformError } from '../../domain/errors.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../../service/deps.js';
import { type Credential, credentialOf, identify } from '../auth.js';
import type { OriginPolicy } from './origin.js';

/** `public`: anyone. `same-origin`: our own pages only. `authenticated`: a valid key, or a login from our own pages. */
export type RouteAccess = 'public' | 'same-origin' | 'authenticated';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
  interface FastifyRequest {
    /** Set on routes that are `authenticated`. */
    caller: Caller | null;
  }
}

export interface Caller {
  readonly principal: Principal;
  readonly credential: Credential;
}

export interface RouteContext {
  readonly app: FastifyInstance;
  readonly deps: Deps;
  policy(): OriginPolicy;
}

export interface Route {
  readonly access: RouteAccess;
  readonly method: HTTPMethods | HTTPMethods[];
  readonly url: string;
  readonly bodyLimit?: number;
  /** Whether HEAD runs the handler too; not for handlers that change something. */
  readonly hasHead?: boolean;
  handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

const SAFE = new Set(['GET', 'HEAD']);

/** Registers a route with its check before the body is read. */
export function route(
  { app, deps, policy }: RouteContext,
  { access, method, url, bodyLimit, hasHead = false, handler }: Route,
): void {
  app.route({
    ...{ method, url, handler, config: { access }, exposeHeadRoute: hasHead },
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    onRequest: async (request) => {
      const isSafe = SAFE.has(request.method);
      if (access === 'same-origin') policy().assertSameOrigin(request.headers, isSafe);
      if (access === 'authenticated') request.caller = await authenticate(deps, policy(), request, isSafe);
    },
  });
}

/** Collects all routes that are registered from now on, and refuses one without an access statement. */
export function watchRoutes(app: FastifyInstance): readonly RouteOptions[] {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (options) => {
    if (options.config?.access === undefined)
      throw new Error(`no access is stated for ${String(options.method)} ${options.url}: use route()`);
    routes.push(options);
  });
  return routes;
}

/** The principal of a request. @throws UNAUTHENTICATED; FORBIDDEN for a login from another site. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new PlatformError('UNAUTHENTICATED', 'this needs a login or an API key');
  return request.caller;
}

async function authenticate(
  deps: Deps,
  policy: OriginPolicy,
  request: FastifyRequest,
  isSafe: boolean,
): Promise<Caller> {
  const credential = credentialOf(request.headers);
  if (credential === null) throw new PlatformError('UNAUTHENTICATED', 'this needs a login or an API key');
  if (credential.kind === 'session') policy.assertSameOrigin(request.headers, isSafe);
  return { credential, principal: await identify(deps, credential) };
}
