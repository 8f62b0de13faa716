import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Artifact, ArtifactState } from '../../domain/artifact.js';
import type { ArtifactId, ProjectId, TrialId } from '../../domain/ids.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { SafeInt } from '../scalars/safe-int.js';

export const ArtifactStateEnum = defineEnum<ArtifactState>(
  'ArtifactState',
  'Whether the bytes of an artifact are all there.',
  {
    PENDING: 'Begun; its bytes are not proved yet. Never served.',
    COMMITTED: 'Complete, with the size and checksum that were claimed.',
  },
);

@Access('viewer', 'trial')
@ObjectType('Artifact', {
  description: 'A file that a trial made, such as a checkpoint or a model.',
  simpleResolvers: true,
})
export class ArtifactType implements Artifact {
  @Field(() => ID, { description: 'Identifier.' })
  id!: ArtifactId;

  @Field(() => ID, { description: 'The project that owns it.' })
  projectId!: ProjectId;

  @Field(() => ID, { description: 'The trial that made it.' })
  trialId!: TrialId;

  @Field(() => Int, { description: 'The attempt that made it.' })
  attempt!: number;

  @Field(() => String, { description: 'Name within the trial, e.g. `checkpoint`.' })
  name!: string;

  @Field(() => String, { description: 'What it is, in a word of your own, e.g. `model`.' })
  kind!: string;

  @Field(() => String, { description: 'Name of the file when downloaded.' })
  fileName!: string;

  @Field(() => SafeInt, { description: 'Size in bytes.' })
  sizeBytes!: number;

  @Field(() => String, { description: 'SHA-256 of the bytes, in lower-case hex.' })
  sha256!: string;

  @Field(() => ArtifactStateEnum, { description: 'Whether the bytes are all there.' })
  state!: ArtifactState;

  @Field(() => Date, { description: 'When the upload began.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was committed; null while PENDING.' })
  committedAt!: Date | null;
}

@Access('viewer', 'trial')
@ObjectType('ArtifactUpload', { description: 'Where to send the bytes of a new artifact.', simpleResolvers: true })
export class ArtifactUploadType {
  @Field(() => ArtifactType, {
    description: 'The artifact, PENDING (or already COMMITTED when these bytes were sent before).',
  })
  artifact!: Artifact;

  @Field(() => String, {
    description: 'PUT the bytes to this path of the server, with the same Authorization, then call `commitArtifact`.',
  })
  uploadPath!: string;
}
