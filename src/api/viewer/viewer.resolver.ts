import { Ctx, Query, Resolver } from 'type-graphql';
import { viewer } from '../../service/access/viewer.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { ViewerType } from './viewer.type.js';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Access('authenticated')
  @Query(() => ViewerType, { description: 'Who you are: the login or key that this request came with.' })
  viewer(@Ctx() { deps, principal }: Context): Promise<ViewerType> {
    return viewer(deps, principal);
  }
}
