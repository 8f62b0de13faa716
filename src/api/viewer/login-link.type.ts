import { Field, ObjectType } from 'type-graphql';
import type { LoginLink } from '../../service/access/create-login-link.js';
import { Access } from '../access.js';

@Access('admin')
@ObjectType('LoginLink', { description: 'A link that signs a browser in.', simpleResolvers: true })
export class LoginLinkType implements LoginLink {
  @Field(() => String, { description: 'Path on this server. Works once; treat it as a password.' })
  path!: string;

  @Field(() => Date, { description: 'When it stops working, used or not.' })
  expiresAt!: Date;
}
