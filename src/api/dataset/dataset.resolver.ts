import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Dataset, DatasetVersion } from '../../domain/dataset.js';
import type { DatasetId, ProjectId } from '../../domain/ids.js';
import { findDataset } from '../../service/dataset/find-dataset.js';
import { listDatasets } from '../../service/dataset/list-datasets.js';
import { registerDataset } from '../../service/dataset/register-dataset.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { there } from '../loaders.js';
import { DatasetConnection, DatasetType, DatasetVersionType } from './dataset.type.js';
import { RegisterDatasetInputType } from './register-dataset.input.js';

@ArgsType()
class DatasetsArgs extends PageArgs {
  @Field(() => ID, { description: 'The project.' })
  projectId!: ProjectId;
}

@Resolver(() => DatasetType)
export class DatasetResolver {
  @Access('viewer')
  @Query(() => DatasetConnection, { description: 'The datasets of a project.' })
  async datasets(
    @Args(() => DatasetsArgs) args: DatasetsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<Dataset>> {
    return connectionOf(await listDatasets(deps, principal, args));
  }

  @Access('viewer')
  @Query(() => DatasetType, { nullable: true, description: 'One dataset; null when there is none that you can see.' })
  dataset(
    @Arg('id', () => ID, { description: 'Its identifier.' }) id: DatasetId,
    @Ctx() { deps, principal }: Context,
  ): Promise<Dataset | null> {
    return findDataset(deps, principal, { id });
  }

  @Access('writer')
  @Mutation(() => DatasetVersionType, {
    description: 'Registers data by reference, or returns the newest version when it is the same.',
  })
  registerDataset(
    @Arg('input', () => RegisterDatasetInputType, { description: 'The data.' }) input: RegisterDatasetInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<DatasetVersion> {
    return registerDataset(deps, principal, input);
  }

  @FieldResolver(() => [DatasetVersionType], { description: 'Its versions, newest first.' })
  versions(@Root() dataset: Dataset, @Ctx() { loaders }: Context): Promise<readonly DatasetVersion[]> {
    return loaders.datasetVersions.load(dataset.id);
  }
}

@Resolver(() => DatasetVersionType)
export class DatasetVersionResolver {
  @FieldResolver(() => DatasetType, { description: 'The dataset that this is a version of.' })
  async dataset(@Root() version: DatasetVersion, @Ctx() { loaders }: Context): Promise<Dataset> {
    return there(await loaders.dataset.load(version.datasetId), 'dataset');
  }
}
