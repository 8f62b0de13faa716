import { Field, ID, InputType, Int } from 'type-graphql';
import type { RunnerId, TrainingJobId } from '../../domain/ids.js';
import type { AttemptOutcome } from '../../domain/lifecycle.js';
import type { FailureCause } from '../../domain/trial.js';
import { REQUEST_ID } from '../request-id.js';
import { FailureCauseEnum } from '../trial/trial.enum.js';
import { JobEndEnum } from './training-job.type.js';

@InputType('LeaseJobsInput', { description: 'A runner that asks for work.' })
export class LeaseJobsInputType {
  @Field(() => ID, { description: 'The runner.' })
  runnerId!: RunnerId;

  @Field(() => Int, { description: 'CPU slots that are free.' })
  freeSlots!: number;

  @Field(() => Int, { description: 'GPUs that are free.' })
  freeGpus!: number;

  @Field(() => Int, { defaultValue: 1, description: 'Most jobs to take at once.' })
  max!: number;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}

@InputType('LeaseInput', { description: 'A lease that a runner holds.' })
export class LeaseInputType {
  @Field(() => ID, { description: 'The job.' })
  jobId!: TrainingJobId;

  @Field(() => Int, { description: 'Epoch that it was leased under.' })
  epoch!: number;
}

@InputType('RenewLeasesInput', {
  description: 'A heartbeat: all the leases that a runner holds. Sending it again is safe.',
})
export class RenewLeasesInputType {
  @Field(() => ID, { description: 'The runner.' })
  runnerId!: RunnerId;

  @Field(() => [LeaseInputType], { description: 'Its leases; may be empty.' })
  leases!: LeaseInputType[];
}

@InputType('StartJobInput', { description: 'The command of a job runs now.' })
export class StartJobInputType {
  @Field(() => ID, { description: 'The job.' })
  jobId!: TrainingJobId;

  @Field(() => Int, { description: 'Epoch that it was leased under.' })
  epoch!: number;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}

@InputType('FinishJobInput', { description: 'How a job ended.' })
export class FinishJobInputType {
  @Field(() => ID, { description: 'The job.' })
  jobId!: TrainingJobId;

  @Field(() => Int, { description: 'Epoch that it was leased under.' })
  epoch!: number;

  @Field(() => JobEndEnum, { description: 'How it ended.' })
  outcome!: AttemptOutcome;

  @Field(() => Int, { nullable: true, description: 'Exit code of its command.' })
  exitCode?: number | null;

  @Field(() => String, { nullable: true, description: 'Signal that ended its command, e.g. `SIGKILL`.' })
  signal?: string | null;

  @Field(() => FailureCauseEnum, { nullable: true, description: 'Why it ended badly, as far as the runner can tell.' })
  cause?: FailureCause | null;

  @Field(() => String, { nullable: true, description: 'How it ended, in words.' })
  message?: string | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
