import { Field, ID, ObjectType } from 'type-graphql';
import type { OrganizationId } from '../../domain/ids.js';
import type { Organization } from '../../domain/organization.js';
import { Access } from '../access.js';

@Access('authenticated')
@ObjectType('Organization', {
  description: 'The tenant: owns projects, resource pools and users.',
  simpleResolvers: true,
})
export class OrganizationType implements Organization {
  @Field(() => ID, { description: 'Identifier.' })
  id!: OrganizationId;

  @Field(() => String, { description: 'Name of the organization.' })
  name!: string;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;
}
