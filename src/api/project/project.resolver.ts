import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Experiment } from '../../domain/experiment.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import { createProject } from '../../service/project/create-project.js';
import { deleteProject } from '../../service/project/delete-project.js';
import { findProject } from '../../service/project/find-project.js';
import { listProjects } from '../../service/project/list-projects.js';
import { setRetention } from '../../service/project/set-retention.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { ExperimentListArgs } from '../experiment/experiment.resolver.js';
import { ExperimentConnection } from '../experiment/experiment.type.js';
import { REQUEST_ID } from '../request-id.js';
import { CreateProjectInputType } from './create-project.input.js';
import { ProjectConnection, ProjectType } from './project.type.js';
import { SetRetentionInputType } from './set-retention.input.js';

@Resolver(() => ProjectType)
export class ProjectResolver {
  @Access('viewer')
  @Query(() => ProjectConnection, { description: 'The projects that you can see, oldest first.' })
  async projects(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<Project>> {
    return connectionOf(await listProjects(deps, principal, page));
  }

  @Access('viewer')
  @Query(() => ProjectType, {
    nullable: true,
    description: 'One project, by exactly one of id and name; null when there is none that you can see.',
  })
  project(
    @Arg('id', () => ID, { nullable: true, description: 'Its identifier.' }) id: ProjectId | null | undefined,
    @Arg('name', () => String, { nullable: true, description: 'Its name.' }) name: string | null | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Project | null> {
    return findProject(deps, principal, { id: id ?? null, name: name ?? null });
  }

  @Access('writer')
  @Mutation(() => ProjectType, { description: 'Creates a project. Throws NAME_TAKEN when there is one of this name.' })
  createProject(
    @Arg('input', () => CreateProjectInputType, { description: 'The new project.' }) input: CreateProjectInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Project> {
    return createProject(deps, principal, input);
  }

  @Access('admin')
  @Mutation(() => ProjectType, {
    description:
      'Sets how long a project keeps points and logs of trials after their end. What is due is forgotten for good.',
  })
  setRetention(
    @Arg('input', () => SetRetentionInputType, { description: 'The settings.' }) input: SetRetentionInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Project> {
    const { metricDays = null, logDays = null } = input;
    return setRetention(deps, principal, { ...input, metricDays, logDays });
  }

  @Access('admin')
  @Mutation(() => Boolean, {
    description:
      'Deletes a project with all that is in it: out of sight at once, its room comes back a little later. Throws STATE_CONFLICT while a trial runs. Returns true.',
  })
  deleteProject(
    @Arg('id', () => ID, { description: 'The project.' }) id: ProjectId,
    @Arg('confirm', () => String, { description: 'Its name, typed again.' }) confirm: string,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<boolean> {
    return deleteProject(deps, principal, { id, confirm, clientRequestId: clientRequestId ?? null });
  }

  @FieldResolver(() => ExperimentConnection, { description: 'Its experiments.' })
  async experiments(
    @Root() project: Project,
    @Args(() => ExperimentListArgs) args: ExperimentListArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Connection<Experiment>> {
    return connectionOf(await loaders.projectExperiments(args).load(project.id));
  }
}
