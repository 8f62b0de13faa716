import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { Budget } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import { REQUEST_ID } from '../request-id.js';
import { WhenSpentEnum } from './experiment.type.js';

@InputType('BudgetChangeInput', { description: 'What of a budget shall change. What is not given stays as it is.' })
export class BudgetChangeInputType {
  @Field(() => Int, { nullable: true, description: 'Most trials, with those there are; null for no limit.' })
  maxTrials?: number | null;

  @Field(() => Int, { nullable: true, description: 'Most trials at the same time; null for one.' })
  maxParallel?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Hours since its creation after which no new trial is proposed; null for no limit.',
  })
  maxHours?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'GPU hours (GPUs times hours held by runners) after which no new trial is proposed; null for no limit.',
  })
  maxGpuHours?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Slot hours (CPU slots times hours held by runners), the same without GPUs; null for no limit.',
  })
  maxSlotHours?: number | null;

  @Field(() => WhenSpentEnum, {
    nullable: true,
    description: 'What becomes of trials that have not ended when its hours of any kind are spent; null for FINISH.',
  })
  whenSpent?: Budget['whenSpent'] | null;
}

@InputType('ReviseSearchInput', { description: 'What shall change of a search. What is not given stays as it is.' })
export class ReviseSearchInputType {
  @Field(() => ID, { description: 'The experiment.' })
  experimentId!: ExperimentId;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'The whole search space from now on: a parameter by each name.',
  })
  space?: Record<string, unknown> | null;

  @Field(() => String, {
    nullable: true,
    description:
      'In place of `space` the text of a search file, YAML: its parameters and conditions are the space from now on, the rest is not looked at.',
  })
  file?: string | null;

  @Field(() => BudgetChangeInputType, { nullable: true, description: 'How much it may spend from now on.' })
  budget?: BudgetChangeInputType | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether an experiment that is paused or has ended goes on with it.',
  })
  resume!: boolean;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
