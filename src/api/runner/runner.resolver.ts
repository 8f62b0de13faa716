import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { runnerStateOf } from '../../domain/contact.js';
import type { ResourcePoolId, RunnerId } from '../../domain/ids.js';
import type { ResourcePool } from '../../domain/resource-pool.js';
import type { Runner, RunnerState } from '../../domain/runner.js';
import type { TrainingJob } from '../../domain/training-job.js';
import { drainRunner } from '../../service/runner/drain-runner.js';
import { listRunners } from '../../service/runner/list-runners.js';
import { registerRunner } from '../../service/runner/register-runner.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { TrainingJobType } from '../job/training-job.type.js';
import { there } from '../loaders.js';
import { ResourcePoolType } from '../pool/resource-pool.type.js';
import { REQUEST_ID } from '../request-id.js';
import { RegisterRunnerInputType } from './register-runner.input.js';
import { RunnerConnection, RunnerStateEnum, RunnerType } from './runner.type.js';

/** For callers who see the runner but not its pool: runners themselves. */
const DEFAULT_LEASE_SECONDS = 60;

@ArgsType()
class RunnersArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only runners of this pool.' })
  poolId?: ResourcePoolId | null;
}

@Resolver(() => RunnerType)
export class RunnerResolver {
  @Access('viewer')
  @Query(() => RunnerConnection, { description: 'The runners of your organization, newest first.' })
  async runners(
    @Args(() => RunnersArgs) args: RunnersArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<Runner>> {
    return connectionOf(await listRunners(deps, principal, args));
  }

  @Access('runner')
  @Mutation(() => RunnerType, { description: 'Introduces a runner agent. Needs a key of kind RUNNER.' })
  registerRunner(
    @Arg('input', () => RegisterRunnerInputType, { description: 'The agent.' }) input: RegisterRunnerInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<Runner> {
    return registerRunner(deps, principal, input);
  }

  @Access('submitter', 'runner')
  @Mutation(() => RunnerType, { description: 'Lets a runner finish what it has and take nothing new.' })
  drainRunner(
    @Arg('id', () => ID, { description: 'The runner.' }) id: RunnerId,
    @Arg('clientRequestId', () => String, { nullable: true, description: REQUEST_ID }) clientRequestId:
      | string
      | null
      | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<Runner> {
    return drainRunner(deps, principal, { id, clientRequestId: clientRequestId ?? null });
  }

  @FieldResolver(() => RunnerStateEnum, { description: 'Whether it takes work.' })
  async state(@Root() runner: Runner, @Ctx() { deps, loaders }: Context): Promise<RunnerState> {
    const pool = await loaders.pool.load(runner.poolId);
    return runnerStateOf(runner, pool?.leaseSeconds ?? DEFAULT_LEASE_SECONDS, deps.clock.now());
  }

  @Access('viewer')
  @FieldResolver(() => ResourcePoolType, { description: 'The pool that it leases from.' })
  async pool(@Root() runner: Runner, @Ctx() { loaders }: Context): Promise<ResourcePool> {
    return there(await loaders.pool.load(runner.poolId), 'resource pool');
  }

  @Access('viewer')
  @FieldResolver(() => [TrainingJobType], { description: 'The jobs that it has now.' })
  jobs(@Root() runner: Runner, @Ctx() { loaders }: Context): Promise<readonly TrainingJob[]> {
    return loaders.runnerJobs.load(runner.id);
  }
}
