/** GraphQL over HTTP: POST with JSON, one operation each, judged by the same rules as WebSocket. */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { GraphQLSchema } from 'graphql';
import { isPlatformError, PlatformError } from '../../domain/errors.js';
import type { Deps } from '../../service/deps.js';
import { assertOperationGranted } from '../access.js';
import { identify } from '../auth.js';
import { type Context, createContext } from '../context.js';
import { asGraphQLError, formatGraphQLError, refusalToHttp } from '../errors.js';
import { assertAffordable, parseOptions, validationRules } from '../limits.js';
import { callerOf, type RouteContext, route } from './route.js';

export const GRAPHQL_BODY_BYTES = 8 * 1024 * 1024;

/** Registers `POST /graphql`. @returns the server to stop. */
export async function graphqlRoutes(
  context: RouteContext,
  schema: GraphQLSchema,
  hasIntrospection: boolean,
): Promise<ApolloServer<Context>> {
  const { deps, app } = context;
  const apollo = new ApolloServer<Context>({
    schema,
    parseOptions,
    validationRules,
    introspection: hasIntrospection,
    nodeEnv: 'production',
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) => formatGraphQLError(error, deps),
    logger: quietLogger(deps),
    // Cache hints, which we never give, would cost a call per field: a quarter of the time of a large page.
    plugins: [judge, tellHttp, ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
  await apollo.start();

  const handler = fastifyApolloHandler(apollo, {
    context: async (request) => {
      const { principal, credential } = callerOf(request);
      return createContext(deps, principal, () => identify(deps, credential));
    },
  });
  route(context, {
    access: 'authenticated',
    method: 'POST',
    url: '/graphql',
    bodyLimit: GRAPHQL_BODY_BYTES,
    handler: (request, reply) =>
      handler.call(app, request, reply.header('cache-control', 'no-store')) as Promise<unknown>,
  });
  route(context, {
    access: 'public',
    method: 'GET',
    url: '/graphql',
    handler: async (_request, reply) => {
      void reply.header('allow', 'POST').code(405);
      throw new PlatformError('BAD_REQUEST', 'send GraphQL operations by POST, subscriptions by WebSocket');
    },
  });
  return apollo;
}

/** Judges an operation as a whole, when its variables are known and before it runs. */
const judge: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operationName, request, contextValue }) => {
      try {
        assertOperationGranted(schema, document, contextValue.principal);
        assertAffordable({ schema, document, operationName, variables: request.variables });
      } catch (error) {
        throw isPlatformError(error) ? asGraphQLError(error) : error;
      }
    },
  }),
};

/** Says in HTTP's own words that a request was refused for now: 503 or 507 with Retry-After. */
const tellHttp: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body, http } }) => {
      if (body.kind !== 'single') return;
      const refusal = refusalToHttp(body.singleResult.data, body.singleResult.errors);
      if (refusal === null) return;
      http.status = refusal.status;
      http.headers.set('retry-after', String(refusal.retryAfter));
    },
  }),
};

function quietLogger(deps: Deps) {
  const quiet = () => undefined;
  const loud = (message?: unknown) => deps.log(`graphql: ${String(message)}`);
  return { debug: quiet, info: quiet, warn: loud, error: loud };
}
