import { Field, Float, InputType, Int } from 'type-graphql';

@InputType('ConfirmInput', { description: 'What the last of the budget is kept for: trying the best points again.' })
export class ConfirmInputType {
  @Field(() => Int, { description: 'How many points.' })
  top!: number;

  @Field(() => Int, { description: 'How many trials each of them shall have in the end.' })
  times!: number;
}

@InputType('ReplicatesInput', {
  description:
    'How often points shall be tried with different seeds, which trials find in `Trial.seed` and TRIALGRAPH_SEED. Each time is a trial of the budget.',
})
export class ReplicatesInputType {
  @Field(() => Int, { nullable: true, description: 'Trials that a contender gets in all. Unset: 1.' })
  count?: number | null;

  @Field(() => Int, { nullable: true, description: 'Trials that every point gets, at most `count`. Unset: 1.' })
  first?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the points, the best by their means, that are contenders. Unset: 0.2.',
  })
  share?: number | null;

  @Field(() => ConfirmInputType, {
    nullable: true,
    description: 'How the best points are confirmed at the end; needs `maxTrials` or a space that can be exhausted.',
  })
  confirm?: ConfirmInputType | null;
}
