import { Field, ID, ObjectType } from 'type-graphql';
import type { ApiKey, ApiKeyKind } from '../../domain/api-key.js';
import type { ApiKeyId, ProjectId, ResourcePoolId } from '../../domain/ids.js';
import type { Role } from '../../domain/roles.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';
import { defineEnum } from '../enum.js';
import { RoleEnum } from './role.enum.js';

export const ApiKeyKindEnum = defineEnum<ApiKeyKind>('ApiKeyKind', 'Whom a key stands for.', {
  USER: 'A person: may what its user may, or less.',
  SERVICE: 'A program, such as a CI job: has a role of its own.',
  RUNNER: 'A runner agent: may lease and report jobs of its pool.',
  TRIAL: 'One attempt of one trial. Issued by the server when the attempt starts.',
});

type Shown =
  | 'id'
  | 'kind'
  | 'name'
  | 'role'
  | 'projectId'
  | 'poolId'
  | 'createdAt'
  | 'expiresAt'
  | 'revokedAt'
  | 'lastUsedAt';

@Access('viewer')
@ObjectType('ApiKey', {
  description: 'A credential. Its secret is shown once, when it is created.',
  simpleResolvers: true,
})
export class ApiKeyType implements Pick<ApiKey, Shown> {
  @Field(() => ID, { description: 'Identifier; the part of the key that is not secret.' })
  id!: ApiKeyId;

  @Field(() => ApiKeyKindEnum, { description: 'Whom the key stands for.' })
  kind!: ApiKeyKind;

  @Field(() => String, { description: 'Name given by whoever created it.' })
  name!: string;

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'Most that the key may do; null: as much as its user, or the fixed power of its kind.',
  })
  role!: Role | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The project that the key is confined to; null: the whole organization.',
  })
  projectId!: ProjectId | null;

  @Field(() => ID, { nullable: true, description: 'The pool that a RUNNER key may lease from; null for other kinds.' })
  poolId!: ResourcePoolId | null;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it stops working; null: never.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was revoked; null while it is valid.' })
  revokedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was last used, to within some minutes; null: never.' })
  lastUsedAt!: Date | null;
}

@Access('viewer')
@ObjectType('CreatedApiKey', { description: 'A new API key with its secret.', simpleResolvers: true })
export class CreatedApiKeyType {
  @Field(() => ApiKeyType, { description: 'The key.' })
  apiKey!: ApiKey;

  @Field(() => String, {
    description: 'The whole key, `tg_…`, as to be sent in `Authorization: Bearer`. It cannot be read again.',
  })
  secret!: string;
}

export const ApiKeyConnection = connectionType<ApiKey>('ApiKey', 'API keys', () => ApiKeyType, ['viewer']);
