import { Field, InputType, Int } from 'type-graphql';
import { REQUEST_ID } from '../request-id.js';

@InputType('GpuInput', { description: 'A graphics processor that a runner offers.' })
export class GpuInputType {
  @Field(() => Int, { description: 'Index on its machine.' })
  index!: number;

  @Field(() => String, { description: 'Identifier given by its maker.' })
  uuid!: string;

  @Field(() => String, { description: 'Model name.' })
  name!: string;

  @Field(() => Int, { description: 'Memory in MiB.' })
  memoryMiB!: number;
}

@InputType('RegisterRunnerInput', { description: 'A runner agent that introduces itself.' })
export class RegisterRunnerInputType {
  @Field(() => String, { description: 'Name of the pool that it wants to serve; its key must be for that pool.' })
  pool!: string;

  @Field(() => String, { description: 'Name of the agent.' })
  name!: string;

  @Field(() => String, { description: 'Host name of its machine.' })
  host!: string;

  @Field(() => Int, { description: 'CPU slots that it offers.' })
  slots!: number;

  @Field(() => [GpuInputType], { description: 'GPUs that it offers; may be empty.' })
  gpus!: GpuInputType[];

  @Field(() => String, {
    description:
      'A text that is new at each start of the agent: tells a restart from a silence. Registering again with the same one returns the same runner.',
  })
  bootId!: string;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
