import { Ctx, Query, Resolver } from 'type-graphql';
import { serverStatus } from '../../service/setup/server-status.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { ServerStatusType } from './server-status.type.js';

@Resolver(() => ServerStatusType)
export class ServerStatusResolver {
  @Access('viewer')
  @Query(() => ServerStatusType, { description: 'How the server is, e.g. whether its disk is full.' })
  serverStatus(@Ctx() { deps }: Context): ServerStatusType {
    return serverStatus(deps);
  }
}
