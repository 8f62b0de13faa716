/**
 * GraphQL over WebSocket: subscriptions only, judged by the same rules as HTTP. The credential is judged when the
 * connection opens, for every batch that is sent, and about every second, so that a revoked one is cut off within 5 s.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import {
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { ERRORS, isPlatformError, PlatformError } from '../domain/errors.js';
import type { Principal } from '../domain/roles.js';
import type { Deps } from '../service/deps.js';
import { assertOperationGranted } from './access.js';
import { bearerOf, type Credential, credentialOf, identify } from './auth.js';
import { createContext } from './context.js';
import { asGraphQLError, formatGraphQLError } from './errors.js';
import type { OriginPolicy } from './http/origin.js';
import { assertAffordable, parseOptions, validationRules } from './limits.js';
import { PacedSocket } from './paced-socket.js';
import { sendShared } from './shared-bytes.js';
import { type SharedArgs, subscribeShared } from './shared-execution.js';

export const SOCKET_LIMITS = { messageBytes: 256 * 1024, subscriptions: 50, initMs: 3_000 } as const;

/** Close codes of our own protocol. */
const CLOSE = { badRequest: 4400, unauthorized: 4401, forbidden: 4403, restarting: 1012 } as const;
/** With the few seconds that a principal may be remembered, a revoked one is gone within 5 s. */
const RECHECK_MS = 900;
const CLOSING_MS = 2_000;

export interface SocketOptions {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly deps: Deps;
  readonly hasIntrospection: boolean;
  policy(): OriginPolicy;
}

interface Sockets {
  /** Tells all clients to come back later, and waits until their subscriptions have ended. */
  close(): Promise<void>;
}

type Connection = SocketContext<
  { authorization?: unknown },
  Extra & { credential?: Credential; principal?: Principal }
>;

/** Serves `/graphql` upgrades of an HTTP server. */
export function serveSockets({ server, schema, deps, hasIntrospection, policy }: SocketOptions): Sockets {
  const limits = { maxPayload: SOCKET_LIMITS.messageBytes, perMessageDeflate: false };
  const wss = new WebSocketServer({ noServer: true, WebSocket: PacedSocket, ...limits });
  const connections = new Set<Connection>();
  const rules = [...specifiedRules, ...validationRules, ...(hasIntrospection ? [] : [NoSchemaIntrospectionCustomRule])];

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    try {
      if (new URL(request.url ?? '', 'http://x').pathname !== '/graphql')
        throw new PlatformError('NOT_FOUND', 'WebSockets are served at /graphql');
      policy().assertOurs(request.headers);
    } catch (error) {
      refuseUpgrade(socket, error);
      return;
    }
    wss.handleUpgrade(request, socket, head, (client) => wss.emit('connection', client, request));
  };
  server.on('upgrade', onUpgrade);

  const graphql = useServer<{ authorization?: unknown }, { credential?: Credential; principal?: Principal }>(
    {
      isProd: true,
      connectionInitWaitTimeout: SOCKET_LIMITS.initMs,
      subscribe: (args) => subscribeShared(args as SharedArgs),
      onConnect: async (connection) => {
        connections.add(connection);
        try {
          const credential = credentialFor(connection, policy());
          connection.extra.principal = await identify(deps, credential);
          connection.extra.credential = credential;
          return true;
        } catch (error) {
          cutOff(connection.extra.socket, error);
          return false;
        }
      },
      onClose: (connection) => {
        connections.delete(connection);
      },
      onSubscribe: (connection, id, payload) => {
        try {
          return argsOf(connection, id, payload);
        } catch (error) {
          return [
            error instanceof GraphQLError
              ? error
              : asGraphQLError(isPlatformError(error) ? error : new PlatformError('BAD_REQUEST', String(error))),
          ];
        }
      },
      onNext: (_connection, _id, _payload, _args, { data = null, errors }) =>
        errors === undefined ? { data } : { data, errors: errors.map((error) => formatGraphQLError(error, deps)) },
      // A message that cannot be written ends its subscription with the socket's own error: nobody is there to be told.
      onError: ({ extra }, _id, _payload, errors) =>
        extra.socket.readyState === WebSocket.OPEN
          ? errors.map((error) => formatGraphQLError(error, deps))
          : [{ message: 'the connection was lost' }],
    },
    wss,
  );

  // graphql-ws prints what a peer does wrong, with a stack: ws has closed the socket already.
  wss.on('connection', (client: WebSocket) => {
    client.removeAllListeners('error');
    client.on('error', () => undefined);
  });

  /** What to execute. @throws what is wrong with the operation; anything but a subscription closes the socket. */
  function argsOf(connection: Connection, id: string, payload: SubscribePayload): SharedArgs | readonly GraphQLError[] {
    const { credential, principal = null, socket } = connection.extra;
    if (credential === undefined || principal === null)
      throw new PlatformError('UNAUTHENTICATED', 'the connection is not signed in');
    if (Object.keys(connection.subscriptions).length > SOCKET_LIMITS.subscriptions) {
      throw new PlatformError(
        'LIMIT_EXCEEDED',
        `at most ${SOCKET_LIMITS.subscriptions} subscriptions may be open on one connection`,
      );
    }
    const document = clientsFault(() => parse(payload.query, parseOptions));
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) throw new PlatformError('BAD_REQUEST', 'name one operation of the document');
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
      socket.close(CLOSE.badRequest, 'only subscriptions are served here; send queries and mutations by POST');
      throw new PlatformError('BAD_REQUEST', 'only subscriptions are served here');
    }
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return errors.map((error) => asGraphQLError(refusal(error)));
    const { operationName, variables } = payload;
    assertOperationGranted(schema, document, principal);
    assertAffordable({ schema, document, operationName, variables });
    return {
      ...{ schema, document, operationName: operationName ?? null, variableValues: variables ?? {} },
      contextValue: createContext(deps, principal, () => recheck(connection, credential)),
      deliver: (reply) => sendShared(socket as PacedSocket, id, reply), // the server makes no others
    };
  }

  function refusal(error: GraphQLError): PlatformError {
    const { message, extensions } = formatGraphQLError(error, deps, true);
    return new PlatformError(extensions?.code as keyof typeof ERRORS, message);
  }

  function clientsFault<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw error instanceof GraphQLError ? refusal(error) : error;
    }
  }

  async function recheck(connection: Connection, credential: Credential): Promise<Principal> {
    try {
      const principal = await identify(deps, credential);
      connection.extra.principal = principal;
      return principal;
    } catch (error) {
      if (isPlatformError(error) && error.code === 'UNAUTHENTICATED') cutOff(connection.extra.socket, error);
      throw error;
    }
  }

  const timer = setInterval(() => {
    for (const connection of connections) {
      const { credential } = connection.extra;
      // A database that does not answer cuts nobody off.
      if (credential !== undefined) void recheck(connection, credential).catch(() => undefined);
    }
  }, RECHECK_MS);
  timer.unref();

  return {
    close: async () => {
      clearInterval(timer);
      server.off('upgrade', onUpgrade);
      for (const client of wss.clients) client.close(CLOSE.restarting, 'the server restarts; connect again');
      for (let waitedMs = 0; connections.size > 0 && waitedMs < CLOSING_MS; waitedMs += 10) await setTimeout(10);
      for (const client of wss.clients) client.terminate();
      await graphql.dispose();
    },
  };
}

/** The credential of a connection: from its first message, or the browser's cookie if one of our own pages opened it. */
function credentialFor({ connectionParams, extra }: Connection, policy: OriginPolicy): Credential {
  const authorization = connectionParams?.authorization;
  if (typeof authorization === 'string') return bearerOf(authorization);
  const credential = credentialOf(extra.request.headers);
  if (credential === null)
    throw new PlatformError('UNAUTHENTICATED', 'send { authorization: "Bearer tg_…" } in connection_init');
  const isForeign = credential.kind === 'session' && !policy.isOwnOrigin(extra.request.headers.origin);
  if (isForeign) throw new PlatformError('FORBIDDEN', 'a login is good for our own pages only');
  return credential;
}

function cutOff(socket: WebSocket, error: unknown): void {
  const code = isPlatformError(error) ? error.code : 'INTERNAL';
  if (code === 'FORBIDDEN') socket.close(CLOSE.forbidden, 'Forbidden');
  else if (code === 'UNAUTHENTICATED') socket.close(CLOSE.unauthorized, 'Unauthorized');
  else socket.close(CLOSE.restarting, 'the server is busy; connect again');
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const code = isPlatformError(error) ? error.code : 'INTERNAL';
  socket.end(`HTTP/1.1 ${ERRORS[code].status} ${code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
