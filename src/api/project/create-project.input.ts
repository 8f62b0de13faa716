import { Field, InputType } from 'type-graphql';
import { REQUEST_ID } from '../request-id.js';

@InputType('CreateProjectInput', { description: 'A new project.' })
export class CreateProjectInputType {
  @Field(() => String, { description: 'Name, unique in the organization.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Free text.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
