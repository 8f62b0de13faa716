import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { FailureCause, Params, StopReason, Trial, TrialState } from '../../domain/trial.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';
import { Float64 } from '../scalars/float64.js';
import { SafeInt } from '../scalars/safe-int.js';
import { FailureCauseEnum, StopReasonEnum, TrialStateEnum } from './trial.enum.js';

type Hidden =
  | 'askedAt'
  | 'endedSequence'
  | 'contactAt'
  | 'pausing'
  | 'pauseObeyed'
  | 'pausedAt'
  | 'resumedAt'
  | 'parentNumber'
  | 'objectiveValues';
type Shown = Exclude<keyof Trial, Hidden>;

@Access('viewer', 'trial', 'runner')
@ObjectType('Trial', {
  description: 'One set of hyperparameters and what was observed with it.',
  simpleResolvers: true,
})
export class TrialType implements Pick<Trial, Shown> {
  @Field(() => ID, { description: 'Identifier.' })
  id!: TrialId;

  @Field(() => ID, { description: 'The project that owns it.' })
  projectId!: ProjectId;

  @Field(() => ID, { description: 'The experiment that it belongs to.' })
  experimentId!: ExperimentId;

  @Field(() => Int, { description: '0, 1, 2 … within the experiment, without gaps.' })
  number!: number;

  @Field(() => String, { nullable: true, description: 'Name given by a person; null when there is none.' })
  name!: string | null;

  @Field(() => TrialStateEnum, { description: 'Where it stands.' })
  state!: TrialState;

  @Field(() => GraphQLJSONObject, {
    description: 'Its hyperparameters by name. Those whose condition does not hold are absent.',
  })
  params!: Params;

  @Field(() => [String], { description: 'Its tags.' })
  tags!: readonly string[];

  @Field(() => String, { description: 'Kind of the sampler that proposed it, or `user`.' })
  proposedBy!: string;

  @Field(() => Float64, {
    nullable: true,
    description:
      'Its objective value, the first of several; null until it ended or when none was reported. NaN and infinities are kept and never best.',
  })
  value!: number | null;

  @Field(() => [Float64], {
    nullable: true,
    description:
      'What was observed of the metrics with bounds, in the order of `Search.metricConstraints`; null without bounds, until it ended, and when one was not reported.',
  })
  constraintValues!: readonly number[] | null;

  @Field(() => Float64, {
    nullable: true,
    description: 'By how much the bounds are exceeded, summed: 0 is feasible. Null as `constraintValues` is.',
  })
  violation!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of the first trial with the same hyperparameters; null in a search without replicates.',
  })
  point!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Its place among the trials of its `point`, 0 of the first; null in a search without replicates.',
  })
  replicate!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'What its code shall seed its randomness with: the same for equal places at all points. Null in a search without replicates.',
  })
  seed!: number | null;

  @Field(() => FailureCauseEnum, { nullable: true, description: 'Why it failed; null when it did not.' })
  cause!: FailureCause | null;

  @Field(() => String, { nullable: true, description: 'How it ended, in words, e.g. the last line of an exception.' })
  message!: string | null;

  @Field(() => StopReasonEnum, { nullable: true, description: 'Who asked it to stop; null when nobody did.' })
  stopReason!: StopReason | null;

  @Field(() => String, { nullable: true, description: 'Why it was asked to stop, in words.' })
  stopMessage!: string | null;

  @Field(() => Int, { description: 'Number of its newest attempt; 0 when it never started.' })
  attempt!: number;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it first started; null while it has not.' })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it has not.' })
  endedAt!: Date | null;

  @Field(() => SafeInt, { description: 'Number of metric points that its SDK had to give up.' })
  dropped!: number;

  @Field(() => Date, {
    nullable: true,
    description:
      'Since when its metric points are not kept any more, as its project wants it: charts of it are empty, its summaries stay. Null: they are kept.',
  })
  pointsExpiredAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when the lines of its logs are not kept any more; null: they are kept.',
  })
  logsExpiredAt!: Date | null;
}

@Access('viewer')
@ObjectType('StartedTrial', { description: 'An attempt that runs now.', simpleResolvers: true })
export class StartedTrialType {
  @Field(() => TrialType, { description: 'The trial, RUNNING.' })
  trial!: Trial;

  @Field(() => Int, { description: 'Number of the attempt: reports carry it.' })
  attempt!: number;

  @Field(() => String, {
    description:
      'Key of this attempt, for `Authorization: Bearer`: may report to this trial and nothing else. A repeated request gets a fresh one.',
  })
  token!: string;
}

@Access('viewer')
@ObjectType('AskedTrial', { description: 'Answer to a script that asks for work.', simpleResolvers: true })
export class AskedTrialType {
  @Field(() => StartedTrialType, {
    nullable: true,
    description: 'The trial to run. Null when there is none: see `done`.',
  })
  started!: StartedTrialType | null;

  @Field(() => Boolean, {
    description:
      'Whether there will be no more trials. False without a trial: as many as allowed run already, ask again later.',
  })
  done!: boolean;

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds to wait before asking again; null when there is a trial or all is done.',
  })
  retryAfterSeconds!: number | null;
}

export const TrialConnection = connectionType<Trial>('Trial', 'trials', () => TrialType, ['viewer']);
