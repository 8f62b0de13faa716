import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ExperimentId, ProjectId, TrainingJobId, TrialId } from '../../domain/ids.js';
import type { AttemptOutcome } from '../../domain/lifecycle.js';
import type { TrainingJob, TrainingJobState } from '../../domain/training-job.js';
import type { FailureCause, Trial } from '../../domain/trial.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';
import { defineEnum } from '../enum.js';
import { FailureCauseEnum } from '../trial/trial.enum.js';
import { TrialType } from '../trial/trial.type.js';

export const TrainingJobStateEnum = defineEnum<TrainingJobState>('TrainingJobState', 'Where a training job stands.', {
  PENDING: 'Waits for a runner.',
  STARTING: 'Leased by a runner; its command does not run yet.',
  RUNNING: 'Its command runs.',
  TERMINATING: 'Its command was asked to stop.',
  COMPLETED: 'Its command ended well.',
  FAILED: 'Its command failed.',
  TERMINATED: 'It was stopped on request.',
  PREEMPTED: 'Its machine was taken away; the trial gets another attempt.',
  LOST: 'Its runner was not heard from; the trial gets another attempt.',
});

export const JobEndEnum = defineEnum<AttemptOutcome>('JobEnd', 'How a runner says that a job ended.', {
  COMPLETED: 'The command ended well.',
  FAILED: 'The command failed.',
  TERMINATED: 'The command was stopped on request.',
  PREEMPTED: 'The runner has to go.',
  LOST: 'The runner lost the process.',
});

export type JobWriteOutcome = 'ACCEPTED' | 'FENCED';
export const JobWriteOutcomeEnum = defineEnum<JobWriteOutcome>(
  'JobWriteOutcome',
  'What became of what a runner told. None of these is an error.',
  {
    ACCEPTED: 'Stored.',
    FENCED: 'Refused: the lease is no longer this runner’s. Kill the process.',
  },
);

export type LeaseOutcome = 'RENEWED' | 'FENCED';
export const LeaseOutcomeEnum = defineEnum<LeaseOutcome>(
  'LeaseOutcome',
  'What became of a lease that a runner wanted to renew.',
  {
    RENEWED: 'It is the runner’s for another lease time.',
    FENCED: 'It is no longer the runner’s. Kill the process.',
  },
);

type Shown = Exclude<keyof TrainingJob, 'epoch' | 'poolId' | 'runnerId'>;

@Access('viewer', 'runner')
@ObjectType('TrainingJob', { description: 'One attempt to execute a trial on a runner.', simpleResolvers: true })
export class TrainingJobType implements Pick<TrainingJob, Shown> {
  @Field(() => ID, { description: 'Identifier.' })
  id!: TrainingJobId;

  @Field(() => ID, { description: 'The project that owns it.' })
  projectId!: ProjectId;

  @Field(() => ID, { description: 'The experiment that it belongs to.' })
  experimentId!: ExperimentId;

  @Field(() => ID, { description: 'The trial that it executes.' })
  trialId!: TrialId;

  @Field(() => Int, { description: '1, 2, 3 … within the trial.' })
  attempt!: number;

  @Field(() => TrainingJobStateEnum, { description: 'Where it stands.' })
  state!: TrainingJobState;

  @Field(() => [String], { description: 'The program and its arguments, executed without a shell.' })
  command!: readonly string[];

  @Field(() => Int, { description: 'Number of GPUs that it needs.' })
  gpus!: number;

  @Field(() => Int, { description: 'Number of CPU slots that it needs.' })
  slots!: number;

  @Field(() => Int, { nullable: true, description: 'Longest run in seconds; null for no limit.' })
  timeoutSeconds!: number | null;

  @Field(() => Int, { description: 'Jobs with a higher number are leased first.' })
  priority!: number;

  @Field(() => FailureCauseEnum, { nullable: true, description: 'Why it ended badly; null when it did not.' })
  cause!: FailureCause | null;

  @Field(() => String, { nullable: true, description: 'How it ended, in words.' })
  message!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Exit code of its command; null while it runs or when a signal ended it.',
  })
  exitCode!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Signal that ended its command, e.g. `SIGKILL`; null when none did.',
  })
  signal!: string | null;

  @Field(() => Date, { description: 'When it was queued.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When its command started; null while it has not.' })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it has not.' })
  endedAt!: Date | null;
}

@Access('runner')
@ObjectType('LeasedJob', {
  description: 'A job that a runner has taken, with all it needs to execute it.',
  simpleResolvers: true,
})
export class LeasedJobType {
  @Field(() => TrainingJobType, { description: 'The job, STARTING.' })
  job!: TrainingJob;

  @Field(() => TrialType, { description: 'The trial that it executes.' })
  trial!: Trial;

  @Field(() => Int, { description: 'Fencing epoch of this lease: everything told about the job carries it.' })
  epoch!: number;

  @Field(() => String, {
    description: 'Key of this attempt, for the command’s environment: may report to this trial and nothing else.',
  })
  token!: string;

  @Field(() => Int, { description: 'The lease must be renewed within this many seconds; do so every third of them.' })
  leaseSeconds!: number;

  @Field(() => GraphQLJSONObject, { description: 'Environment variables that the command shall see, by name.' })
  environment!: Readonly<Record<string, string>>;

  @Field(() => String, {
    nullable: true,
    description: 'Folder that the command starts in; null: where the runner was started.',
  })
  workingDirectory!: string | null;

  @Field(() => Int, { description: 'Seconds between asking the command to stop and killing it.' })
  graceSeconds!: number;
}

@Access('runner')
@ObjectType('LeaseOrder', { description: 'Answer about one lease.', simpleResolvers: true })
export class LeaseOrderType {
  @Field(() => ID, { description: 'The job.' })
  jobId!: TrainingJobId;

  @Field(() => LeaseOutcomeEnum, { description: 'What became of the lease.' })
  outcome!: LeaseOutcome;

  @Field(() => Boolean, { description: 'Whether the command shall be asked to stop.' })
  stop!: boolean;

  @Field(() => String, { nullable: true, description: 'Why, in words; null when it may go on.' })
  reason!: string | null;
}

@Access('runner')
@ObjectType('RunnerOrders', { description: 'Answer to a heartbeat.', simpleResolvers: true })
export class RunnerOrdersType {
  @Field(() => [LeaseOrderType], { description: 'One for each lease that was sent.' })
  leases!: readonly LeaseOrderType[];

  @Field(() => Boolean, { description: 'Whether to take no more jobs and to end when the last one has.' })
  drain!: boolean;
}

@Access('runner')
@ObjectType('JobWrite', { description: 'Answer to what a runner told about a job.', simpleResolvers: true })
export class JobWriteType {
  @Field(() => JobWriteOutcomeEnum, { description: 'What became of it.' })
  outcome!: JobWriteOutcome;

  @Field(() => TrainingJobType, { description: 'The job as it stands.' })
  job!: TrainingJob;
}

export const TrainingJobConnection = connectionType<TrainingJob>(
  'TrainingJob',
  'training jobs',
  () => TrainingJobType,
  ['viewer'],
);
