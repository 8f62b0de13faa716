import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver } from 'type-graphql';
import type { ExperimentId } from '../../domain/ids.js';
import { facetTrials, type TrialFacets } from '../../service/trial/facet-trials.js';
import { groupTrials, type TrialGroups } from '../../service/trial/group-trials.js';
import { completeFilter, type FilterCompletions } from '../../service/trial-filter/complete-filter.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { FilterCompletionsType, TrialFacetsType, TrialGroupsType } from './trial-facets.type.js';
import { type MetricStat, MetricStatEnum, TrialFilterType, WHERE } from './trial-filter.input.js';

@ArgsType()
class SelectionArgs {
  @Field(() => ID, { description: 'The experiment.' })
  experimentId!: ExperimentId;

  @Field(() => TrialFilterType, { nullable: true, description: 'Which trials. Unset: all.' })
  filter?: TrialFilterType | null;

  @Field(() => String, { nullable: true, description: WHERE })
  where?: string | null;
}

@ArgsType()
class TrialFacetsArgs extends SelectionArgs {
  @Field(() => [String], {
    description: 'Fields as a filter names them, at most 20, e.g. `params.layers`, `state`, `metrics.loss.min`.',
  })
  fields!: string[];

  @Field(() => Int, { defaultValue: 20, description: 'How many values of each field, 1 to 200.' })
  first!: number;
}

@ArgsType()
class TrialGroupsArgs extends SelectionArgs {
  @Field(() => [String], { description: 'Names of the hyperparameters to group by, 1 to 5.' })
  by!: string[];

  @Field(() => [String], { description: 'Names of the metrics to summarise, at most 20.' })
  metricKeys!: string[];

  @Field(() => MetricStatEnum, { defaultValue: 'LAST', description: 'Which number of each series.' })
  stat!: MetricStat;

  @Field(() => Int, { defaultValue: 50, description: 'How many groups to return, 1 to 200: the largest.' })
  first!: number;
}

@Resolver()
export class TrialFacetsResolver {
  @Access('viewer')
  @Query(() => TrialFacetsType, {
    description: 'Values that the trials of an experiment have, with counts and ranges, to choose a filter from.',
  })
  trialFacets(
    @Args(() => TrialFacetsArgs) args: TrialFacetsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<TrialFacets> {
    return facetTrials(deps, principal, args);
  }

  @Access('viewer')
  @Query(() => TrialGroupsType, {
    description: 'The trials of an experiment grouped by hyperparameters, with what their metrics came to.',
  })
  trialGroups(
    @Args(() => TrialGroupsArgs) args: TrialGroupsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<TrialGroups> {
    return groupTrials(deps, principal, args);
  }

  @Access('viewer')
  @Query(() => FilterCompletionsType, {
    description: 'What could be written at a place of a filter in words: fields, operators and values.',
  })
  trialFilterCompletions(
    @Arg('experimentId', () => ID, { description: 'The experiment.' }) experimentId: ExperimentId,
    @Arg('text', () => String, { description: 'The filter as far as it is written.' }) text: string,
    @Arg('position', () => Int, { description: 'Where the caret is, in UTF-16 units from 0.' }) position: number,
    @Ctx() { deps, principal }: Context,
  ): Promise<FilterCompletions> {
    return completeFilter(deps, principal, { experimentId, text, position });
  }
}
