import { Field, InputType, Int } from 'type-graphql';
import { REQUEST_ID } from '../request-id.js';

@InputType('CreateResourcePoolInput', { description: 'A new resource pool.' })
export class CreateResourcePoolInputType {
  @Field(() => String, { description: 'Name, unique in the organization.' })
  name!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds after which a lease that was not renewed may be reclaimed, 1 to 3600. Unset: 60.',
  })
  leaseSeconds?: number | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
