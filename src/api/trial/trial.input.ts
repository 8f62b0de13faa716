import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { FailureCause, Params } from '../../domain/trial.js';
import { REQUEST_ID } from '../request-id.js';
import { Float64 } from '../scalars/float64.js';
import { FailureCauseEnum, type TrialEnd, TrialEndEnum } from './trial.enum.js';

@InputType('CreateTrialInput', { description: 'A trial to enqueue with chosen hyperparameters.' })
export class CreateTrialInputType {
  @Field(() => ID, { description: 'The experiment that it shall belong to.' })
  experimentId!: ExperimentId;

  @Field(() => GraphQLJSONObject, {
    description: 'Hyperparameters by name; checked against the search space when there is one.',
  })
  params!: Params;

  @Field(() => String, { nullable: true, description: 'A name for people.' })
  name?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tags, at most 100.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}

@InputType('StartTrialInput', {
  description:
    'A trial that a script runs by itself: `trialId` to go on with one, else project and experiment by name.',
})
export class StartTrialInputType {
  @Field(() => ID, { nullable: true, description: 'Go on with this trial, as its next attempt.' })
  trialId?: TrialId | null;

  @Field(() => String, { nullable: true, description: 'Name of the project; created when missing.' })
  project?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the experiment in the project; created when missing.' })
  experiment?: string | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'Hyperparameters of a new trial by name.' })
  params?: Params | null;

  @Field(() => String, { nullable: true, description: 'A name for people.' })
  name?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tags, at most 100.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}

@InputType('AskTrialInput', { description: 'A script that asks for its next trial.' })
export class AskTrialInputType {
  @Field(() => ID, { description: 'The experiment to work for.' })
  experimentId!: ExperimentId;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}

@InputType('FinishTrialInput', { description: 'How a trial ended, told by the script that ran it.' })
export class FinishTrialInputType {
  @Field(() => ID, { description: 'The trial.' })
  trialId!: TrialId;

  @Field(() => Int, { description: 'The attempt that ended.' })
  attempt!: number;

  @Field(() => TrialEndEnum, { description: 'How it ended.' })
  state!: TrialEnd;

  @Field(() => Float64, {
    nullable: true,
    description: 'The objective value, the first of several. Unset: taken from the metric that the objective names.',
  })
  value?: number | null;

  @Field(() => [Float64], {
    nullable: 'itemsAndList',
    description:
      'In place of `value`: one for each of several objectives, in their order. A null item is taken from the metric.',
  })
  objectiveValues?: (number | null)[] | null;

  @Field(() => String, { nullable: true, description: 'How it ended, in words.' })
  message?: string | null;

  @Field(() => FailureCauseEnum, { nullable: true, description: 'Why it failed. Unset: USER_CODE.' })
  cause?: FailureCause | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}

@InputType('UpdateTrialInput', { description: 'What people say about a trial. What is not given stays as it is.' })
export class UpdateTrialInputType {
  @Field(() => ID, { description: 'The trial.' })
  id!: TrialId;

  @Field(() => String, { nullable: true, description: 'Its new name; null removes it.' })
  name?: string | null;

  @Field(() => [String], { nullable: true, description: 'All its tags from now on.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
