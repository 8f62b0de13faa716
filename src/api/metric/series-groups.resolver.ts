import { Args, ArgsType, Ctx, Field, Float, ID, Int, Query, Resolver } from 'type-graphql';
import type { ExperimentId } from '../../domain/ids.js';
import { readSeriesGroups, type SeriesGroups } from '../../service/metric/read-series-groups.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { SafeInt } from '../scalars/safe-int.js';
import { WHERE } from '../trial/trial-filter.input.js';
import { SeriesGroupsType } from './series-groups.type.js';

@ArgsType()
class SeriesGroupsArgs {
  @Field(() => ID, { description: 'The experiment.' })
  experimentId!: ExperimentId;

  @Field(() => String, { nullable: true, description: WHERE })
  where?: string | null;

  @Field(() => [String], {
    defaultValue: [],
    description: 'Names of the hyperparameters to group by, at most 5. None: all trials are one group.',
  })
  by!: string[];

  @Field(() => [String], { description: 'Names of the metrics, at most 20.' })
  keys!: string[];

  @Field(() => Int, {
    defaultValue: 500,
    description: 'Most buckets of each metric, over the steps of all groups: 2 to 2000.',
  })
  maxPoints!: number;

  @Field(() => SafeInt, { nullable: true, description: 'Only points with this step or a later one.' })
  fromStep?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Only points with this step or an earlier one.' })
  toStep?: number | null;

  @Field(() => [Float], { defaultValue: [0.25, 0.5, 0.75], description: 'Quantiles from 0 to 1, at most 20.' })
  quantiles!: number[];
}

@Resolver()
export class SeriesGroupsResolver {
  @Access('viewer')
  @Query(() => SeriesGroupsType, {
    description:
      'Series of groups of trials as columns: mean, deviation, extremes and quantiles over all trials of each group, bucket by bucket. Of a trial with several attempts the newest that has the metric counts.',
  })
  seriesGroups(
    @Args(() => SeriesGroupsArgs) args: SeriesGroupsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<SeriesGroups> {
    return readSeriesGroups(deps, principal, args);
  }
}
