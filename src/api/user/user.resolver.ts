import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type { User } from '../../domain/user.js';
import { listUsers } from '../../service/user/list-users.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { UserConnection, UserType } from './user.type.js';

@Resolver(() => UserType)
export class UserResolver {
  @Access('viewer')
  @Query(() => UserConnection, { description: 'The users of your organization that you may see.' })
  async users(@Args(() => PageArgs) page: PageArgs, @Ctx() { deps, principal }: Context): Promise<Connection<User>> {
    return connectionOf(await listUsers(deps, principal, page));
  }
}
