import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import type { SeriesGroups } from '../../service/metric/read-series-groups.js';
import { Access } from '../access.js';
import { Float64 } from '../scalars/float64.js';
import { Float64Column } from '../scalars/float64-column.js';

type Group = SeriesGroups['groups'][number];
type Columns = Group['series'][number];

@Access('viewer')
@ObjectType('GroupColumns', {
  description:
    'One metric in a group of trials, bucket by bucket, as columns of equal length. A trial counts once in a bucket, by the mean of its finite values there; buckets in which no trial has a finite value are left out.',
  simpleResolvers: true,
})
export class GroupColumnsType implements Columns {
  @Field(() => String, { description: 'Name of the metric.' })
  key!: string;

  @Field(() => Float64, {
    description:
      'Number of steps that each bucket covers: a power of two up to 2^53, the same for all groups of a metric.',
  })
  width!: number;

  @Field(() => Float64Column, { description: 'The lowest step that each bucket covers: a multiple of `width`.' })
  steps!: Float64Array;

  @Field(() => Float64Column, { description: 'Number of trials with a finite value in each bucket.' })
  members!: Float64Array;

  @Field(() => Float64Column, { description: "Mean of the trials' numbers." })
  mean!: Float64Array;

  @Field(() => Float64Column, {
    description: "Standard deviation of the trials' numbers as of a sample (n - 1); NaN of a single trial.",
  })
  sd!: Float64Array;

  @Field(() => Float64Column, { description: "The smallest of the trials' numbers." })
  min!: Float64Array;

  @Field(() => Float64Column, { description: "The largest of the trials' numbers." })
  max!: Float64Array;

  @Field(() => Float64Column, { description: 'The smallest finite value that any trial logged in the bucket.' })
  lowest!: Float64Array;

  @Field(() => Float64Column, { description: 'The largest finite value that any trial logged in the bucket.' })
  highest!: Float64Array;

  @Field(() => [Float64Column], {
    description:
      "Quantiles of the trials' numbers, one column for each that was asked for: linear between neighbours, as numpy's default (Hyndman and Fan, definition 7).",
  })
  quantiles!: readonly Float64Array[];
}

@Access('viewer')
@ObjectType('SeriesGroup', {
  description: 'Trials that have the same values of some hyperparameters, and their series together.',
  simpleResolvers: true,
})
export class SeriesGroupType implements Group {
  @Field(() => GraphQLJSONObject, {
    description: 'The values by name; null where the trials have none. Booleans are the texts `true` and `false`.',
  })
  params!: Readonly<Record<string, number | string | null>>;

  @Field(() => Int, { description: 'Number of trials, with or without points.' })
  trialCount!: number;

  @Field(() => [GroupColumnsType], { description: 'One for each metric, in their order.' })
  series!: readonly GroupColumnsType[];
}

@Access('viewer')
@ObjectType('SeriesGroups', { description: 'Series of groups of trials.', simpleResolvers: true })
export class SeriesGroupsType implements SeriesGroups {
  @Field(() => Int, { description: 'Number of trials considered: the newest 50000 at most.' })
  trials!: number;

  @Field(() => Boolean, { description: 'Whether there are older trials that were not considered.' })
  isPartial!: boolean;

  @Field(() => Int, { description: 'Number of groups that are left out: the smallest ones.' })
  otherGroups!: number;

  @Field(() => [SeriesGroupType], { description: 'The 50 largest groups, the largest first.' })
  groups!: readonly SeriesGroupType[];
}
