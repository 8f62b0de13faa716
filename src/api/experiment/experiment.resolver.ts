import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { AlgorithmVersion } from '../../domain/algorithm.js';
import type { DatasetVersion } from '../../domain/dataset.js';
import type { Event } from '../../domain/event.js';
import type { Experiment, SearchRevision } from '../../domain/experiment.js';
import type { ExperimentId, ProjectId } from '../../domain/ids.js';
import type { Project } from '../../domain/project.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Trial } from '../../domain/trial.js';
import { adoptTrials } from '../../service/experiment/adopt-trials.js';
import { createExperiment } from '../../service/experiment/create-experiment.js';
import { createExperimentFromFile } from '../../service/experiment/create-experiment-from-file.js';
import { deleteExperiment } from '../../service/experiment/delete-experiment.js';
import { findExperiment } from '../../service/experiment/find-experiment.js';
import { followExperiment } from '../../service/experiment/follow-experiment.js';
import { listExperiments } from '../../service/experiment/list-experiments.js';
import type { ExperimentCost } from '../../service/experiment/load-costs.js';
import { pauseExperiment } from '../../service/experiment/pause-experiment.js';
import { resumeExperiment } from '../../service/experiment/resume-experiment.js';
import { reviseSearch } from '../../service/experiment/revise-search.js';
import { stopExperiment } from '../../service/experiment/stop-experiment.js';
import { Access } from '../access.js';
import { AlgorithmVersionType } from '../algorithm/algorithm.type.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { DatasetVersionType } from '../dataset/dataset.type.js';
import { EventConnection } from '../event/event.type.js';
import { live } from '../live.js';
import { there } from '../loaders.js';
import { ResourcePoolType } from '../pool/resource-pool.type.js';
import { ProjectType } from '../project/project.type.js';
import { REQUEST_ID } from '../request-id.js';
import { TrialListArgs } from '../trial/trial.resolver.js';
import { TrialConnection, TrialType } from '../trial/trial.type.js';
import { AdoptTrialsInputType } from './adopt-trials.input.js';
import { AdoptedTrialsType } from './adopted-trials.type.js';
import { CreateExperimentFromFileInputType, CreateExperimentInputType } from './create-experiment.input.js';
import {
  ExperimentConnection,
  ExperimentCostType,
  ExperimentType,
  SearchRevisionType,
  TrialCountsType,
} from './experiment.type.js';
import { ExperimentDeltaType } from './experiment-delta.type.js';
import { ExperimentFilterType } from './experiment-filter.input.js';
import { ExperimentOrderType } from './experiment-order.input.js';
import { ReviseSearchInputType } from './revise-search.input.js';

/** The arguments of a list of experiments. */
@ArgsType()
export class ExperimentListArgs extends PageArgs {
  @Field(() => ExperimentOrderType, { nullable: true, description: 'How to sort them. Unset: newest first.' })
  orderBy?: ExperimentOrderType | null;
}

@ArgsType()
class ExperimentsArgs extends ExperimentListArgs {
  @Field(() => ID, { nullable: true, description: 'Only experiments of this project. Unset: of all that you can see.' })
  projectId?: ProjectId | null;

  @Field(() => ExperimentFilterType, { nullable: true, description: 'Which experiments to list. Unset: all.' })
  filter?: ExperimentFilterType | null;
}

interface ExperimentChangedArgs {
  readonly id: ExperimentId;
  readonly after?: string | null;
}

@Resolver(() => ExperimentType)
export class ExperimentResolver {
  @Access('viewer')
  @Query(() => ExperimentConnection, { description: 'The experiments that you can see.' })
  async experiments(
    @Args(() => ExperimentsArgs) args: ExperimentsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<Experiment>> {
    return connectionOf(await listExperiments(deps, principal, args));
  }

  @Access('viewer', 'trial')
  @Query(() => ExperimentType, {
    nullable: true,
    description: 'One experiment, by exactly one of id and path; null when there is none that you can see.',
  })
  experiment(
    @Arg('id', () => ID, { nullable: true, description: 'Its identifier.' }) id: ExperimentId | null | undefined,
    @Arg('path', () => String, { nullable: true, description: 'Its path: `project/experiment`.' }) path:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Experiment | null> {
    return findExperiment(deps, principal, { id: id ?? null, path: path ?? null });
  }

  @Access('writer')
  @Mutation(() => ExperimentType, {
    description: 'Creates an experiment. Needs SUBMITTER when runners shall execute its trials.',
  })
  createExperiment(
    @Arg('input', () => CreateExperimentInputType, { description: 'The new experiment.' })
    input: CreateExperimentInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Experiment> {
    return createExperiment(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => ExperimentType, {
    description:
      'Creates an experiment from the text of a search file. Throws SEARCH_FILE_INVALID with line and key of each problem.',
  })
  createExperimentFromFile(
    @Arg('input', () => CreateExperimentFromFileInputType, { description: 'The file.' })
    input: CreateExperimentFromFileInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Experiment> {
    return createExperimentFromFile(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => ExperimentType, { description: 'Pauses an experiment: no new trials start, running ones go on.' })
  pauseExperiment(
    @Arg('id', () => ID, { description: 'The experiment.' }) id: ExperimentId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Experiment> {
    return pauseExperiment(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }

  @Access('writer')
  @Mutation(() => ExperimentType, {
    description:
      'Lets an experiment go on that is paused or has ended. Throws STATE_CONFLICT when it has ended and its budget is spent.',
  })
  resumeExperiment(
    @Arg('id', () => ID, { description: 'The experiment.' }) id: ExperimentId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Experiment> {
    return resumeExperiment(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }

  @Access('writer')
  @Mutation(() => ExperimentType, {
    description:
      'Changes space or budget of a search, whatever its state: the next revision of it. Later proposals obey it. Needs SUBMITTER where runners execute its trials.',
  })
  reviseSearch(
    @Arg('input', () => ReviseSearchInputType, { description: 'What to change.' }) input: ReviseSearchInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Experiment> {
    return reviseSearch(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => AdoptedTrialsType, {
    description:
      'Gives a search copies of trials that ran outside of it: later proposals learn from them. Throws INPUT_INVALID, with `problems` by path of trial, of those that say nothing of the objective, and of misfits that are not kept.',
  })
  adoptTrials(
    @Arg('input', () => AdoptTrialsInputType, { description: 'The trials.' }) input: AdoptTrialsInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<AdoptedTrialsType> {
    return adoptTrials(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => ExperimentType, { description: 'Ends an experiment: its running trials are asked to stop.' })
  stopExperiment(
    @Arg('id', () => ID, { description: 'The experiment.' }) id: ExperimentId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Experiment> {
    return stopExperiment(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }

  @Access('writer')
  @Mutation(() => Boolean, { description: 'Deletes an experiment with all its trials. Returns true.' })
  deleteExperiment(
    @Arg('id', () => ID, { description: 'The experiment.' }) id: ExperimentId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<boolean> {
    return deleteExperiment(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }

  @Access('viewer')
  @Subscription(() => ExperimentDeltaType, {
    description:
      'What changes in an experiment, as it is committed. Without a cursor the first message is its state now.',
    subscribe: ({ args, context }: { args: ExperimentChangedArgs; context: Context }) =>
      live(context, (signal) =>
        followExperiment(
          context.deps,
          context.principal,
          { experimentId: args.id, after: args.after ?? null, recheck: context.recheck },
          signal,
        ),
      ),
  })
  experimentChanged(
    @Root() delta: ExperimentDeltaType,
    @Arg('id', () => ID, { description: 'The experiment.' }) _id: ExperimentId,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor of the last message received. Unset: start with the state now.',
    })
    _after: string | null,
  ): ExperimentDeltaType {
    return delta;
  }

  @Access('viewer')
  @FieldResolver(() => ProjectType, { description: 'The project that owns it.' })
  async project(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<Project> {
    return there(await loaders.project.load(experiment.projectId), 'project');
  }

  @Access('viewer')
  @FieldResolver(() => AlgorithmVersionType, {
    nullable: true,
    description: 'What runners execute for a trial; null when trials are run by hand.',
  })
  algorithmVersion(
    @Root() experiment: Experiment,
    @Ctx() { loaders }: Context,
  ): Promise<AlgorithmVersion | null> | null {
    return experiment.algorithmVersionId === null ? null : loaders.algorithmVersion.load(experiment.algorithmVersionId);
  }

  @Access('viewer')
  @FieldResolver(() => ResourcePoolType, {
    nullable: true,
    description: 'The pool whose runners execute its trials; null when trials are run by hand.',
  })
  pool(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<ResourcePool | null> | null {
    return experiment.poolId === null ? null : loaders.pool.load(experiment.poolId);
  }

  @Access('viewer')
  @FieldResolver(() => [DatasetVersionType], { description: 'The datasets that it uses.' })
  datasets(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<readonly DatasetVersion[]> {
    return loaders.experimentDatasets.load(experiment.id);
  }

  @Access('viewer')
  @FieldResolver(() => [SearchRevisionType], {
    description: 'The revisions of its search, oldest first; none without a search.',
  })
  searchRevisions(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<readonly SearchRevision[]> {
    return loaders.searchRevisions.load(experiment.id);
  }

  @Access('viewer')
  @FieldResolver(() => ExperimentCostType, { description: 'What it has cost so far, and what of its budget is spent.' })
  async cost(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<ExperimentCost> {
    return there(await loaders.experimentCost.load(experiment.id), 'experiment');
  }

  @Access('viewer')
  @FieldResolver(() => TrialCountsType, { description: 'Number of its trials in each state.' })
  counts(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<TrialCountsType> {
    return loaders.experimentCounts.load(experiment.id);
  }

  @Access('viewer')
  @FieldResolver(() => TrialType, {
    nullable: true,
    description:
      'The completed, feasible trial with the best finite value, of several objectives by the first (see `bestTrials`), with replicates the first of the point with the best mean; null when there is none.',
  })
  bestTrial(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<Trial | null> {
    return loaders.bestTrial.load(experiment.id);
  }

  @Access('viewer')
  @FieldResolver(() => [String], { description: 'Names of the metrics that its trials have reported, sorted.' })
  metricKeys(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<readonly string[]> {
    return loaders.experimentMetricKeys.load(experiment.id);
  }

  @Access('viewer')
  @FieldResolver(() => TrialConnection, { description: 'Its trials.' })
  async trials(
    @Root() experiment: Experiment,
    @Args(() => TrialListArgs) args: TrialListArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Connection<Trial>> {
    return connectionOf(await loaders.experimentTrials(args).load(experiment.id));
  }

  @Access('viewer')
  @FieldResolver(() => EventConnection, { description: 'What happened in it, newest first.' })
  async events(
    @Root() experiment: Experiment,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Connection<Event>> {
    return connectionOf(await loaders.experimentEvents(page).load(experiment.id));
  }
}
