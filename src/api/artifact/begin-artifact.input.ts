import { Field, ID, InputType, Int } from 'type-graphql';
import type { TrialId } from '../../domain/ids.js';
import { REQUEST_ID } from '../request-id.js';
import { SafeInt } from '../scalars/safe-int.js';

@InputType('BeginArtifactInput', { description: 'A file about to be uploaded.' })
export class BeginArtifactInputType {
  @Field(() => ID, { description: 'The trial that made it.' })
  trialId!: TrialId;

  @Field(() => Int, { description: 'The attempt that made it.' })
  attempt!: number;

  @Field(() => String, { description: 'Name within the trial, e.g. `checkpoint`.' })
  name!: string;

  @Field(() => String, { description: 'What it is, in a word of your own, e.g. `model`.' })
  kind!: string;

  @Field(() => String, { description: 'Name that the file gets when downloaded.' })
  fileName!: string;

  @Field(() => SafeInt, { description: 'Size in bytes.' })
  sizeBytes!: number;

  @Field(() => String, { description: 'SHA-256 of the bytes, in lower-case hex.' })
  sha256!: string;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
