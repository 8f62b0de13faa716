import { Field, Int, ObjectType } from 'type-graphql';
import type { Hypervolume, ParetoFront } from '../../service/experiment/load-pareto-fronts.js';
import { Access } from '../access.js';
import { Float64 } from '../scalars/float64.js';
import { Float64Column } from '../scalars/float64-column.js';

@Access('viewer')
@ObjectType('Hypervolume', {
  description:
    'How the volume that a Pareto front dominates grew, as columns: one row per trial that made it grow, in the order of ends.',
  simpleResolvers: true,
})
export class HypervolumeType implements Hypervolume {
  @Field(() => Float64Column, { description: 'Numbers of the trials.' })
  numbers!: Float64Array;

  @Field(() => Float64Column, { description: 'How many trials had ended when each had.' })
  ended!: Float64Array;

  @Field(() => Float64Column, { description: 'The volume from then on, up to the reference; never falling.' })
  volumes!: Float64Array;
}

@Access('viewer')
@ObjectType('ParetoFront', {
  description:
    'The trials that no other is at least as good as in every objective and better in one: completed, feasible, all values finite; equal ones together. As columns, by number.',
  simpleResolvers: true,
})
export class ParetoFrontType implements ParetoFront {
  @Field(() => Float64Column, { description: 'Numbers of the trials.' })
  numbers!: Float64Array;

  @Field(() => [Float64Column], {
    description: 'Their values: a column per objective, in the order of `Search.objectives`.',
  })
  values!: readonly Float64Array[];

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of the trial where the front bends most: beyond it a little more of one objective costs much of another. Null when it nowhere bends inwards.',
  })
  knee!: number | null;

  @Field(() => [Float64], {
    description:
      'The point up to which volumes are measured, in the units of the objectives; empty while the front is.',
  })
  reference!: readonly number[];

  @Field(() => HypervolumeType, {
    nullable: true,
    description:
      'How the dominated volume grew; null where that takes too long to work out: with more than three objectives, and a large front.',
  })
  hypervolume!: Hypervolume | null;
}
