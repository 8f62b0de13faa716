import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ResourcePoolId, RunnerId } from '../../domain/ids.js';
import type { Gpu, Runner, RunnerState } from '../../domain/runner.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';
import { defineEnum } from '../enum.js';

export const RunnerStateEnum = defineEnum<RunnerState>('RunnerState', 'Whether a runner takes work.', {
  ONLINE: 'Heard from lately; takes jobs.',
  DRAINING: 'Finishes what it has and takes nothing new.',
  OFFLINE: 'Not heard from for longer than a lease.',
});

@Access('viewer', 'runner')
@ObjectType('Gpu', { description: 'A graphics processor of a runner.', simpleResolvers: true })
export class GpuType implements Gpu {
  @Field(() => Int, { description: 'Index on its machine.' })
  index!: number;

  @Field(() => String, { description: 'Identifier given by its maker.' })
  uuid!: string;

  @Field(() => String, { description: 'Model name.' })
  name!: string;

  @Field(() => Int, { description: 'Memory in MiB.' })
  memoryMiB!: number;
}

@Access('viewer', 'runner')
@ObjectType('Runner', { description: 'An agent on a machine that executes training jobs.', simpleResolvers: true })
export class RunnerType
  implements Pick<Runner, 'id' | 'poolId' | 'name' | 'host' | 'slots' | 'gpus' | 'registeredAt' | 'contactAt'>
{
  @Field(() => ID, { description: 'Identifier; a new one for each start of the agent.' })
  id!: RunnerId;

  @Field(() => ID, { description: 'The pool that it leases from.' })
  poolId!: ResourcePoolId;

  @Field(() => String, { description: 'Name that the agent gave itself.' })
  name!: string;

  @Field(() => String, { description: 'Host name of its machine.' })
  host!: string;

  @Field(() => Int, { description: 'CPU slots that it offers.' })
  slots!: number;

  @Field(() => [GpuType], { description: 'GPUs that it offers.' })
  gpus!: readonly Gpu[];

  @Field(() => Date, { description: 'When it registered.' })
  registeredAt!: Date;

  @Field(() => Date, { description: 'When it was last heard from.' })
  contactAt!: Date;
}

export const RunnerConnection = connectionType<Runner>('Runner', 'runners', () => RunnerType, ['viewer']);
