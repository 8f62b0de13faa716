import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Replicates } from '../../domain/experiment.js';
import { Access } from '../access.js';

@Access('viewer', 'trial')
@ObjectType('Confirm', {
  description: 'What the last of the budget is kept for: trying the best points again.',
  simpleResolvers: true,
})
export class ConfirmType {
  @Field(() => Int, { description: 'How many points.' })
  top!: number;

  @Field(() => Int, { description: 'How many trials each of them has in the end.' })
  times!: number;
}

@Access('viewer', 'trial')
@ObjectType('Replicates', {
  description: 'How often a search tries its points with different seeds. Each time is a trial of its own.',
  simpleResolvers: true,
})
export class ReplicatesType implements Replicates {
  @Field(() => Int, { description: 'Trials that a contender gets in all.' })
  count!: number;

  @Field(() => Int, { description: 'Trials that every point gets.' })
  first!: number;

  @Field(() => Float, { description: 'Share of the points, the best by their means, that are contenders.' })
  share!: number;

  @Field(() => ConfirmType, {
    nullable: true,
    description: 'What happens at the end of the budget; null: nothing more.',
  })
  confirm!: Replicates['confirm'];
}
