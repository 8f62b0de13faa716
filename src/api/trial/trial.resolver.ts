import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Artifact } from '../../domain/artifact.js';
import { type Contact, contactOf } from '../../domain/contact.js';
import type { Event } from '../../domain/event.js';
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { isPaused } from '../../domain/lifecycle.js';
import type { MetricSummary } from '../../domain/metric.js';
import type { TrainingJob } from '../../domain/training-job.js';
import type { MeanInterval, Trial, TrialExplanation } from '../../domain/trial.js';
import { askTrial } from '../../service/trial/ask-trial.js';
import { createTrial } from '../../service/trial/create-trial.js';
import { deleteTrial } from '../../service/trial/delete-trial.js';
import { findTrial } from '../../service/trial/find-trial.js';
import { finishTrial } from '../../service/trial/finish-trial.js';
import { listTrials } from '../../service/trial/list-trials.js';
import { startTrial } from '../../service/trial/start-trial.js';
import { stopTrial } from '../../service/trial/stop-trial.js';
import { updateTrial } from '../../service/trial/update-trial.js';
import { Access } from '../access.js';
import { ArtifactType } from '../artifact/artifact.type.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { EventConnection } from '../event/event.type.js';
import { ExperimentType } from '../experiment/experiment.type.js';
import { TrainingJobType } from '../job/training-job.type.js';
import { there } from '../loaders.js';
import { MetricSeriesType, MetricSummaryType } from '../metric/metric.type.js';
import { REQUEST_ID } from '../request-id.js';
import { Float64 } from '../scalars/float64.js';
import { ExplanationType } from './explanation.type.js';
import { MeanIntervalType } from './mean-interval.type.js';
import { ContactEnum } from './trial.enum.js';
import {
  AskTrialInputType,
  CreateTrialInputType,
  FinishTrialInputType,
  StartTrialInputType,
  UpdateTrialInputType,
} from './trial.input.js';
import { AskedTrialType, StartedTrialType, TrialConnection, TrialType } from './trial.type.js';
import { TrialFilterType, TrialOrderType, WHERE } from './trial-filter.input.js';

/** The arguments of every list of trials. */
@ArgsType()
export class TrialListArgs extends PageArgs {
  @Field(() => TrialFilterType, { nullable: true, description: 'Which trials to list. Unset: all.' })
  filter?: TrialFilterType | null;

  @Field(() => String, { nullable: true, description: WHERE })
  where?: string | null;

  @Field(() => TrialOrderType, { nullable: true, description: 'How to sort them. Unset: by number.' })
  orderBy?: TrialOrderType | null;
}

@ArgsType()
class TrialsArgs extends TrialListArgs {
  @Field(() => ID, { description: 'The experiment.' })
  experimentId!: ExperimentId;
}

@Resolver(() => TrialType)
export class TrialResolver {
  @Access('viewer')
  @Query(() => TrialConnection, { description: 'The trials of an experiment.' })
  async trials(
    @Args(() => TrialsArgs) args: TrialsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<Trial>> {
    return connectionOf(await listTrials(deps, principal, args));
  }

  @Access('viewer', 'trial')
  @Query(() => TrialType, {
    nullable: true,
    description: 'One trial, by exactly one of id and path; null when there is none that you can see.',
  })
  trial(
    @Arg('id', () => ID, { nullable: true, description: 'Its identifier.' }) id: TrialId | null | undefined,
    @Arg('path', () => String, { nullable: true, description: 'Its path: `project/experiment/number`.' }) path:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Trial | null> {
    return findTrial(deps, principal, { id: id ?? null, path: path ?? null });
  }

  @Access('writer')
  @Mutation(() => TrialType, {
    description: 'Enqueues a trial with chosen hyperparameters: WAITING, for a runner or for a script that asks.',
  })
  createTrial(
    @Arg('input', () => CreateTrialInputType, { description: 'The new trial.' }) input: CreateTrialInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Trial> {
    return createTrial(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => StartedTrialType, {
    description: 'Starts a trial that the caller runs by itself, or goes on with one as its next attempt.',
  })
  startTrial(
    @Arg('input', () => StartTrialInputType, { description: 'The trial.' }) input: StartTrialInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<StartedTrialType> {
    return startTrial(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => AskedTrialType, {
    description: 'Asks for the next trial and starts it: one that waits, or a new proposal.',
  })
  askTrial(
    @Arg('input', () => AskTrialInputType, { description: 'What to work for.' }) input: AskTrialInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<AskedTrialType> {
    return askTrial(deps, principal, input);
  }

  @Access('writer', 'trial')
  @Mutation(() => TrialType, {
    description:
      'Tells how a trial ended. Of a trial that a runner executes only value and message are kept: its end is the runner’s to tell.',
  })
  finishTrial(
    @Arg('input', () => FinishTrialInputType, { description: 'How it ended.' }) input: FinishTrialInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Trial> {
    return finishTrial(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => TrialType, {
    description: 'Asks a trial to stop. A running one is told with its next report or heartbeat.',
  })
  stopTrial(
    @Arg('id', () => ID, { description: 'The trial.' }) id: TrialId,
    @Arg('reason', () => String, { nullable: true, description: 'Why, in words.' }) reason: string | null | undefined,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Trial> {
    return stopTrial(deps, principal, { id, reason: reason ?? null, clientRequestId: clientRequestId ?? null });
  }

  @Access('writer')
  @Mutation(() => TrialType, { description: 'Changes the name or the tags of a trial.' })
  updateTrial(
    @Arg('input', () => UpdateTrialInputType, { description: 'What to change.' }) input: UpdateTrialInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Trial> {
    return updateTrial(deps, principal, input);
  }

  @Access('writer')
  @Mutation(() => Boolean, { description: 'Deletes a trial with its metrics, logs and artifacts. Returns true.' })
  deleteTrial(
    @Arg('id', () => ID, { description: 'The trial.' }) id: TrialId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<boolean> {
    return deleteTrial(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }

  @Access('viewer', 'trial')
  @FieldResolver(() => ExperimentType, { description: 'The experiment that it belongs to.' })
  async experiment(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<Experiment> {
    return there(await loaders.experiment.load(trial.experimentId), 'experiment');
  }

  @FieldResolver(() => [Float64], {
    nullable: 'itemsAndList',
    description:
      'Its value of each objective, in the order of `Search.objectives`; null until it ended or when none was reported. A null item: that one was not.',
  })
  objectiveValues(@Root() { value, objectiveValues }: Trial): readonly (number | null)[] | null {
    return objectiveValues ?? (value === null ? null : [value]);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether it keeps all bounds of its search; null where `violation` is.',
  })
  isFeasible(@Root() { violation }: Trial): boolean | null {
    return violation === null ? null : violation === 0;
  }

  @Access('viewer')
  @FieldResolver(() => MeanIntervalType, {
    nullable: true,
    description:
      'What the completed trials with the same hyperparameters came to; null without replicates, and while there is none.',
  })
  pointMean(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<MeanInterval | null> {
    return loaders.trialPointMean.load(trial);
  }

  @FieldResolver(() => ContactEnum, {
    nullable: true,
    description: 'How lately it was heard from; null when it does not run.',
  })
  contact(@Root() trial: Trial, @Ctx() { deps }: Context): Contact | null {
    return contactOf(trial, deps.clock.now());
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Seconds from its start to its end, or until now while it runs; null when it never started.',
  })
  durationSeconds(@Root() trial: Trial, @Ctx() { deps }: Context): number | null {
    if (trial.startedAt === null) return null;
    return ((trial.endedAt ?? deps.clock.now()).getTime() - trial.startedAt.getTime()) / 1000;
  }

  @FieldResolver(() => Boolean, {
    description:
      'Whether it waits at a rung with its checkpoint: it is WAITING, but runs again only when a scheduler resumes it.',
  })
  paused(@Root() trial: Trial): boolean {
    return isPaused(trial);
  }

  @Access('viewer', 'trial')
  @FieldResolver(() => ArtifactType, {
    nullable: true,
    description:
      'The checkpoint that its next attempt goes on from: the newest artifact of kind `checkpoint` that it has committed, else that of its parent which it began with. Null: it begins anew.',
  })
  checkpoint(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<Artifact | null> {
    return loaders.trialCheckpoint.load(trial.id);
  }

  @Access('viewer')
  @FieldResolver(() => TrialType, {
    nullable: true,
    description: 'The trial whose checkpoint it began with; null when it began with none, or that one was deleted.',
  })
  async parent(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<Trial | null> {
    return trial.parentNumber === null ? null : loaders.trialParent.load(trial.id);
  }

  @Access('viewer')
  @FieldResolver(() => [TrialType], { description: 'The trials that began with checkpoints of it, by number.' })
  children(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<readonly Trial[]> {
    return loaders.trialChildren.load(trial.id);
  }

  @Access('viewer', 'trial')
  @FieldResolver(() => ExplanationType, {
    nullable: true,
    description: 'Why it was proposed; null where a person chose its hyperparameters, or nobody kept it.',
  })
  explanation(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<TrialExplanation | null> {
    return loaders.trialExplanation.load(trial.id);
  }

  @Access('viewer', 'trial')
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Number of the revision of the search that was in force when it was created; null without a search.',
  })
  searchRevision(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<number | null> {
    return loaders.trialRevision.load(trial.id);
  }

  @Access('viewer', 'trial')
  @FieldResolver(() => [MetricSummaryType], { description: 'Summaries of its metrics, by name.' })
  summary(
    @Root() trial: Trial,
    @Arg('keys', () => [String], { nullable: true, description: 'Only these metrics. Unset: all.' }) keys:
      | string[]
      | null
      | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<readonly MetricSummary[]> {
    return loaders.trialSummary(keys ?? null).load(trial.id);
  }

  @Access('viewer', 'trial')
  @FieldResolver(() => [MetricSeriesType], {
    description: 'The series that it has reported. Their points are read with `Query.series`.',
  })
  async metricSeries(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<readonly MetricSeriesType[]> {
    const summaries = await loaders.trialSummary(null).load(trial.id);
    return summaries.map((summary) => ({ trialId: trial.id, key: summary.key, summary }));
  }

  @Access('viewer')
  @FieldResolver(() => [TrainingJobType], {
    description: 'Its attempts on runners, oldest first; none when a script runs it.',
  })
  jobs(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<readonly TrainingJob[]> {
    return loaders.trialJobs.load(trial.id);
  }

  @Access('viewer', 'trial')
  @FieldResolver(() => [ArtifactType], { description: 'The files that it made.' })
  artifacts(@Root() trial: Trial, @Ctx() { loaders }: Context): Promise<readonly Artifact[]> {
    return loaders.trialArtifacts.load(trial.id);
  }

  @Access('viewer')
  @FieldResolver(() => EventConnection, { description: 'What happened to it, newest first.' })
  async events(
    @Root() trial: Trial,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Connection<Event>> {
    return connectionOf(await loaders.trialEvents(page).load(trial.id));
  }
}
