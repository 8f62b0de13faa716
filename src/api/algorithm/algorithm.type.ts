import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Algorithm, AlgorithmVersion } from '../../domain/algorithm.js';
import type { AlgorithmId, AlgorithmVersionId, ProjectId } from '../../domain/ids.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';

@Access('viewer')
@ObjectType('Algorithm', {
  description: 'Reusable training code. What proposes trials is a sampler, never an algorithm.',
  simpleResolvers: true,
})
export class AlgorithmType implements Algorithm {
  @Field(() => ID, { description: 'Identifier.' })
  id!: AlgorithmId;

  @Field(() => ID, { description: 'The project that owns it.' })
  projectId!: ProjectId;

  @Field(() => String, { description: 'Name, unique in the project.' })
  name!: string;

  @Field(() => String, { description: 'Free text; may be empty.' })
  description!: string;

  @Field(() => Date, { description: 'When its first version was registered.' })
  createdAt!: Date;
}

@Access('viewer')
@ObjectType('AlgorithmVersion', {
  description: 'One immutable version of an algorithm: what a runner executes.',
  simpleResolvers: true,
})
export class AlgorithmVersionType implements AlgorithmVersion {
  @Field(() => ID, { description: 'Identifier.' })
  id!: AlgorithmVersionId;

  @Field(() => ID, { description: 'The project that owns it.' })
  projectId!: ProjectId;

  @Field(() => ID, { description: 'The algorithm that this is a version of.' })
  algorithmId!: AlgorithmId;

  @Field(() => Int, { description: '1, 2, 3 … within the algorithm.' })
  version!: number;

  @Field(() => [String], { description: 'The program and its arguments, executed without a shell.' })
  command!: readonly string[];

  @Field(() => GraphQLJSONObject, { description: 'Environment variables of the command, by name. Not for secrets.' })
  environment!: Readonly<Record<string, string>>;

  @Field(() => String, {
    nullable: true,
    description: 'Folder that the command starts in, as the runner sees it; null: where the runner was started.',
  })
  workingDirectory!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the code is kept, e.g. a git URL with a commit. Informative.',
  })
  source!: string | null;

  @Field(() => Date, { description: 'When it was registered.' })
  createdAt!: Date;
}

export const AlgorithmConnection = connectionType<Algorithm>('Algorithm', 'algorithms', () => AlgorithmType, [
  'viewer',
]);
