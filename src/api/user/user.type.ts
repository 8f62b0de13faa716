import { Field, ID, ObjectType } from 'type-graphql';
import type { OrganizationId, UserId } from '../../domain/ids.js';
import type { User } from '../../domain/user.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';

@Access('authenticated')
@ObjectType('User', { description: 'A person who may sign in.', simpleResolvers: true })
export class UserType implements User {
  @Field(() => ID, { description: 'Identifier.' })
  id!: UserId;

  @Field(() => ID, { description: 'The organization that the user belongs to.' })
  organizationId!: OrganizationId;

  @Field(() => String, { description: 'Name, unique in the organization.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'E-mail address; null when none is known.' })
  email!: string | null;

  @Field(() => Boolean, { description: 'Whether the user is locked out: none of their keys and sessions work.' })
  disabled!: boolean;

  @Field(() => Date, { description: 'When the user was created.' })
  createdAt!: Date;
}

export const UserConnection = connectionType<User>('User', 'users', () => UserType, ['viewer']);
