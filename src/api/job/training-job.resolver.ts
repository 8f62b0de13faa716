import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { ProjectId, ResourcePoolId, TrainingJobId, TrialId } from '../../domain/ids.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Runner } from '../../domain/runner.js';
import type { LogStream, TrainingJob, TrainingJobState } from '../../domain/training-job.js';
import type { Trial } from '../../domain/trial.js';
import { findTrainingJob } from '../../service/job/find-training-job.js';
import { finishJob } from '../../service/job/finish-job.js';
import { leaseJobs } from '../../service/job/lease-jobs.js';
import { listTrainingJobs } from '../../service/job/list-training-jobs.js';
import { renewLeases } from '../../service/job/renew-leases.js';
import { startJob } from '../../service/job/start-job.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { there } from '../loaders.js';
import { LogStreamType } from '../log/log.type.js';
import { ResourcePoolType } from '../pool/resource-pool.type.js';
import { RunnerType } from '../runner/runner.type.js';
import { TrialType } from '../trial/trial.type.js';
import {
  FinishJobInputType,
  LeaseJobsInputType,
  RenewLeasesInputType,
  StartJobInputType,
} from './training-job.input.js';
import {
  JobWriteType,
  LeasedJobType,
  RunnerOrdersType,
  TrainingJobConnection,
  TrainingJobStateEnum,
  TrainingJobType,
} from './training-job.type.js';

@ArgsType()
class TrainingJobsArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only jobs of this project.' })
  projectId?: ProjectId | null;

  @Field(() => ID, { nullable: true, description: 'Only jobs of this pool.' })
  poolId?: ResourcePoolId | null;

  @Field(() => ID, { nullable: true, description: 'Only jobs of this trial.' })
  trialId?: TrialId | null;

  @Field(() => [TrainingJobStateEnum], { nullable: true, description: 'Only jobs in one of these states.' })
  states?: TrainingJobState[] | null;
}

@Resolver(() => TrainingJobType)
export class TrainingJobResolver {
  @Access('viewer')
  @Query(() => TrainingJobConnection, { description: 'The training jobs that you can see, newest first.' })
  async trainingJobs(
    @Args(() => TrainingJobsArgs) args: TrainingJobsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<TrainingJob>> {
    return connectionOf(await listTrainingJobs(deps, principal, args));
  }

  @Access('viewer')
  @Query(() => TrainingJobType, {
    nullable: true,
    description: 'One training job; null when there is none that you can see.',
  })
  trainingJob(
    @Arg('id', () => ID, { description: 'Its identifier.' }) id: TrainingJobId,
    @Ctx() { deps, principal }: Context,
  ): Promise<TrainingJob | null> {
    return findTrainingJob(deps, principal, id);
  }

  @Access('runner')
  @Mutation(() => [LeasedJobType], {
    description: 'Takes jobs that fit. Empty when there are none: ask again shortly.',
  })
  leaseJobs(
    @Arg('input', () => LeaseJobsInputType, { description: 'What is free.' }) input: LeaseJobsInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<readonly LeasedJobType[]> {
    return leaseJobs(deps, principal, input);
  }

  @Access('runner')
  @Mutation(() => RunnerOrdersType, {
    description: 'The heartbeat of a runner: renews its leases and brings its orders.',
  })
  renewLeases(
    @Arg('input', () => RenewLeasesInputType, { description: 'The leases.' }) input: RenewLeasesInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<RunnerOrdersType> {
    return renewLeases(deps, principal, input);
  }

  @Access('runner')
  @Mutation(() => JobWriteType, { description: 'Tells that the command of a job runs.' })
  startJob(
    @Arg('input', () => StartJobInputType, { description: 'The job.' }) input: StartJobInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<JobWriteType> {
    return startJob(deps, principal, input);
  }

  @Access('runner')
  @Mutation(() => JobWriteType, { description: 'Tells how a job ended.' })
  finishJob(
    @Arg('input', () => FinishJobInputType, { description: 'How it ended.' }) input: FinishJobInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<JobWriteType> {
    return finishJob(deps, principal, input);
  }

  @Access('viewer')
  @FieldResolver(() => TrialType, { description: 'The trial that it executes.' })
  async trial(@Root() job: TrainingJob, @Ctx() { loaders }: Context): Promise<Trial> {
    return there(await loaders.trial.load(job.trialId), 'trial');
  }

  @Access('viewer')
  @FieldResolver(() => ResourcePoolType, { description: 'The pool that it queues in.' })
  async pool(@Root() job: TrainingJob, @Ctx() { loaders }: Context): Promise<ResourcePool> {
    return there(await loaders.pool.load(job.poolId), 'resource pool');
  }

  @Access('viewer')
  @FieldResolver(() => RunnerType, {
    nullable: true,
    description: 'The runner that has or had it; null while it waits.',
  })
  runner(@Root() job: TrainingJob, @Ctx() { loaders }: Context): Promise<Runner | null> | null {
    return job.runnerId === null ? null : loaders.runner.load(job.runnerId);
  }

  @Access('viewer')
  @FieldResolver(() => [LogStreamType], { description: 'The output that it has written.' })
  logStreams(@Root() job: TrainingJob, @Ctx() { loaders }: Context): Promise<readonly LogStream[]> {
    return loaders.jobLogStreams.load(job);
  }
}
