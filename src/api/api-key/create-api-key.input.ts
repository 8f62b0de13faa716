import { Field, ID, InputType, Int } from 'type-graphql';
import type { ApiKeyKind } from '../../domain/api-key.js';
import type { ProjectId, ResourcePoolId } from '../../domain/ids.js';
import type { Role } from '../../domain/roles.js';
import { REQUEST_ID } from '../request-id.js';
import { ApiKeyKindEnum } from './api-key.type.js';
import { RoleEnum } from './role.enum.js';

@InputType('CreateApiKeyInput', { description: 'A new API key.' })
export class CreateApiKeyInputType {
  @Field(() => ApiKeyKindEnum, {
    description:
      'Whom the key stands for: USER (yourself), SERVICE or RUNNER. TRIAL keys are issued by the server only.',
  })
  kind!: ApiKeyKind;

  @Field(() => String, { description: 'A name to recognise the key by.' })
  name!: string;

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'Most that the key may do. SERVICE needs one; USER keys without one may do all that you may.',
  })
  role?: Role | null;

  @Field(() => ID, { nullable: true, description: 'Confines the key to one project.' })
  projectId?: ProjectId | null;

  @Field(() => ID, { nullable: true, description: 'RUNNER: the pool that it may lease from.' })
  poolId?: ResourcePoolId | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Days until the key stops working. Unset: 90 for USER keys, never for others.',
  })
  expiresInDays?: number | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
