import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { TrialId } from '../../domain/ids.js';
import type { Organization } from '../../domain/organization.js';
import type { Role } from '../../domain/roles.js';
import type { User } from '../../domain/user.js';
import { Access } from '../access.js';
import { RoleEnum } from '../api-key/role.enum.js';
import { OrganizationType } from '../organization/organization.type.js';
import { UserType } from '../user/user.type.js';

@Access('authenticated')
@ObjectType('Viewer', { description: 'Whoever is asking.', simpleResolvers: true })
export class ViewerType {
  @Field(() => String, { description: 'Kind of the login or key: `user`, `service`, `runner` or `trial`.' })
  kind!: string;

  @Field(() => UserType, { nullable: true, description: 'The person, when `kind` is `user`.' })
  @Access('authenticated')
  user!: User | null;

  @Field(() => OrganizationType, { description: 'The organization that the login or key belongs to.' })
  organization!: Organization;

  @Field(() => RoleEnum, {
    nullable: true,
    description:
      'Role in the whole organization; null when it has one in single projects only, or for runners and trials.',
  })
  role!: Role | null;

  @Field(() => ID, { nullable: true, description: 'The trial that the key belongs to, when `kind` is `trial`.' })
  trialId!: TrialId | null;

  @Field(() => Int, { nullable: true, description: 'The attempt that the key belongs to, when `kind` is `trial`.' })
  attempt!: number | null;
}
