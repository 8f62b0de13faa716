import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { OrganizationId, ResourcePoolId } from '../../domain/ids.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import { Access } from '../access.js';

@Access('viewer')
@ObjectType('ResourcePool', {
  description: 'Where training jobs queue: runners of the pool lease them.',
  simpleResolvers: true,
})
export class ResourcePoolType implements ResourcePool {
  @Field(() => ID, { description: 'Identifier.' })
  id!: ResourcePoolId;

  @Field(() => ID, { description: 'The organization that owns it.' })
  organizationId!: OrganizationId;

  @Field(() => String, { description: 'Name, unique in the organization.' })
  name!: string;

  @Field(() => Int, { description: 'A lease that is not renewed for this many seconds may be reclaimed.' })
  leaseSeconds!: number;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;
}
