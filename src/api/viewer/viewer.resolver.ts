import { Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createLoginLink } from '../../service/access/create-login-link.js';
import { viewer } from '../../service/access/viewer.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { LoginLinkType } from './login-link.type.js';
import { ViewerType } from './viewer.type.js';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Access('authenticated')
  @Query(() => ViewerType, { description: 'Who you are: the login or key that this request came with.' })
  viewer(@Ctx() { deps, principal }: Context): Promise<ViewerType> {
    return viewer(deps, principal);
  }

  @Access('admin')
  @Mutation(() => LoginLinkType, {
    description: 'Makes a link that signs a browser in as you. Safe to repeat: each call makes a link of its own.',
  })
  createLoginLink(@Ctx() { deps, principal }: Context): Promise<LoginLinkType> {
    return createLoginLink(deps, principal);
  }
}
