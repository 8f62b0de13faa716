import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import type { ProjectId } from '../../domain/ids.js';
import { REQUEST_ID } from '../request-id.js';

@InputType('RegisterAlgorithmInput', {
  description: 'Training code to register. An algorithm of this name gets a new version when anything differs.',
})
export class RegisterAlgorithmInputType {
  @Field(() => ID, { description: 'The project that shall own it.' })
  projectId!: ProjectId;

  @Field(() => String, { description: 'Name, unique in the project.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Free text.' })
  description?: string | null;

  @Field(() => [String], { description: 'The program and its arguments, executed without a shell.' })
  command!: string[];

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Environment variables by name; the values are strings. Not for secrets.',
  })
  environment?: Record<string, string> | null;

  @Field(() => String, { nullable: true, description: 'Folder that the command starts in, as the runner sees it.' })
  workingDirectory?: string | null;

  @Field(() => String, { nullable: true, description: 'Where the code is kept, e.g. a git URL with a commit.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
