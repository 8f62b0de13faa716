import { Field, ID, InputType } from 'type-graphql';
import type { ProjectId } from '../../domain/ids.js';
import { REQUEST_ID } from '../request-id.js';
import { SafeInt } from '../scalars/safe-int.js';

@InputType('RegisterDatasetInput', {
  description: 'Data to register by reference. A dataset of this name gets a new version when anything differs.',
})
export class RegisterDatasetInputType {
  @Field(() => ID, { description: 'The project that shall own it.' })
  projectId!: ProjectId;

  @Field(() => String, { description: 'Name, unique in the project.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Free text.' })
  description?: string | null;

  @Field(() => String, { description: 'Where the data is: a path or URL that training code can read.' })
  uri!: string;

  @Field(() => String, { description: 'SHA-256 of the data, in lower-case hex.' })
  sha256!: string;

  @Field(() => SafeInt, { nullable: true, description: 'Size in bytes.' })
  sizeBytes?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Number of rows or examples.' })
  rows?: number | null;

  @Field(() => String, { nullable: true, description: 'Licence of the data, e.g. an SPDX identifier.' })
  licence?: string | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
