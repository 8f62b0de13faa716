import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { ApiKey } from '../../domain/api-key.js';
import type { ApiKeyId } from '../../domain/ids.js';
import { createApiKey } from '../../service/api-key/create-api-key.js';
import { listApiKeys } from '../../service/api-key/list-api-keys.js';
import { revokeApiKey } from '../../service/api-key/revoke-api-key.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { REQUEST_ID } from '../request-id.js';
import { ApiKeyConnection, ApiKeyType, CreatedApiKeyType } from './api-key.type.js';
import { CreateApiKeyInputType } from './create-api-key.input.js';

@Resolver(() => ApiKeyType)
export class ApiKeyResolver {
  @Access('viewer')
  @Query(() => ApiKeyConnection, {
    description: 'Your API keys; for administrators all of the organization. Keys of trials are not listed.',
  })
  async apiKeys(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<ApiKey>> {
    return connectionOf(await listApiKeys(deps, principal, page));
  }

  @Access('viewer')
  @Mutation(() => CreatedApiKeyType, {
    description:
      'Creates an API key. Its secret is in this answer only. Everyone may make keys for themselves; other kinds need ADMIN.',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInputType, { description: 'The new key.' }) input: CreateApiKeyInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<CreatedApiKeyType> {
    return createApiKey(deps, principal, input);
  }

  @Access('viewer')
  @Mutation(() => ApiKeyType, {
    description: 'Revokes an API key: it stops working within 5 seconds, open connections included.',
  })
  revokeApiKey(
    @Arg('id', () => ID, { description: 'The key.' }) id: ApiKeyId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<ApiKey> {
    return revokeApiKey(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }
}
