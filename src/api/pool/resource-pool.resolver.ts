import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Runner } from '../../domain/runner.js';
import { createResourcePool } from '../../service/pool/create-resource-pool.js';
import { listResourcePools } from '../../service/pool/list-resource-pools.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { RunnerType } from '../runner/runner.type.js';
import { CreateResourcePoolInputType } from './create-resource-pool.input.js';
import { ResourcePoolType } from './resource-pool.type.js';

@Resolver(() => ResourcePoolType)
export class ResourcePoolResolver {
  @Access('viewer')
  @Query(() => [ResourcePoolType], { description: 'The resource pools of your organization.' })
  resourcePools(@Ctx() { deps, principal }: Context): Promise<readonly ResourcePool[]> {
    return listResourcePools(deps, principal);
  }

  @Access('admin')
  @Mutation(() => ResourcePoolType, { description: 'Creates a resource pool. Needs ADMIN in the organization.' })
  createResourcePool(
    @Arg('input', () => CreateResourcePoolInputType, { description: 'The new pool.' })
    input: CreateResourcePoolInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<ResourcePool> {
    return createResourcePool(deps, principal, input);
  }

  @FieldResolver(() => [RunnerType], { description: 'Its runners, those that went away long ago left out.' })
  runners(@Root() pool: ResourcePool, @Ctx() { loaders }: Context): Promise<readonly Runner[]> {
    return loaders.poolRunners.load(pool.id);
  }

  @FieldResolver(() => Int, { description: 'Number of jobs that wait for a runner.' })
  async pendingJobs(@Root() pool: ResourcePool, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.poolLoad.load(pool.id)).pendingJobs;
  }

  @FieldResolver(() => Int, { description: 'Number of jobs that runners have.' })
  async runningJobs(@Root() pool: ResourcePool, @Ctx() { loaders }: Context): Promise<number> {
    return (await loaders.poolLoad.load(pool.id)).runningJobs;
  }
}
