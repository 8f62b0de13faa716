import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { MeanInterval } from '../../domain/trial.js';
import { Access } from '../access.js';

@Access('viewer')
@ObjectType('MeanInterval', {
  description: 'The mean of the objective over trials with the same hyperparameters, and how sure it is.',
  simpleResolvers: true,
})
export class MeanIntervalType implements MeanInterval {
  @Field(() => Int, { description: 'How many trials have completed with a finite value.' })
  count!: number;

  @Field(() => Float, { description: 'Their mean.' })
  mean!: number;

  @Field(() => Float, { nullable: true, description: 'Their standard deviation; null for fewer than two.' })
  deviation!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Lower end of the 95 % interval of the mean; null for fewer than two.',
  })
  low!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Upper end of the 95 % interval of the mean; null for fewer than two.',
  })
  high!: number | null;
}
