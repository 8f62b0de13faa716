import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Dataset, DatasetVersion } from '../../domain/dataset.js';
import type { DatasetId, DatasetVersionId, ProjectId } from '../../domain/ids.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';
import { SafeInt } from '../scalars/safe-int.js';

@Access('viewer')
@ObjectType('Dataset', {
  description: 'A named collection of data, registered by reference: its bytes stay where they are.',
  simpleResolvers: true,
})
export class DatasetType implements Dataset {
  @Field(() => ID, { description: 'Identifier.' })
  id!: DatasetId;

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
@ObjectType('DatasetVersion', {
  description: 'One immutable version of a dataset with its checksum.',
  simpleResolvers: true,
})
export class DatasetVersionType implements DatasetVersion {
  @Field(() => ID, { description: 'Identifier.' })
  id!: DatasetVersionId;

  @Field(() => ID, { description: 'The project that owns it.' })
  projectId!: ProjectId;

  @Field(() => ID, { description: 'The dataset that this is a version of.' })
  datasetId!: DatasetId;

  @Field(() => Int, { description: '1, 2, 3 … within the dataset.' })
  version!: number;

  @Field(() => String, { description: 'Where the data is: a path or URL that training code can read.' })
  uri!: string;

  @Field(() => String, { description: 'SHA-256 of the data, in lower-case hex.' })
  sha256!: string;

  @Field(() => SafeInt, { nullable: true, description: 'Size in bytes; null when not told.' })
  sizeBytes!: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Number of rows or examples; null when not told.' })
  rows!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Licence of the data, e.g. an SPDX identifier; null when not told.',
  })
  licence!: string | null;

  @Field(() => Date, { description: 'When it was registered.' })
  createdAt!: Date;
}

export const DatasetConnection = connectionType<Dataset>('Dataset', 'datasets', () => DatasetType, ['viewer']);
