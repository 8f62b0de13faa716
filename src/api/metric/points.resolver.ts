import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { readPoints } from '../../service/metric/read-points.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { PointsPageType } from './points.type.js';

@Resolver()
export class PointsResolver {
  @Access('viewer', 'trial')
  @Query(() => PointsPageType, {
    description: 'Every point as it was stored, page by page: no gap and no duplicate, while new ones arrive too.',
  })
  points(
    @Arg('trialIds', () => [ID], {
      nullable: true,
      description: 'The trials, at most 1000. Give either these or `experimentId`.',
    })
    trialIds: TrialId[] | null | undefined,
    @Arg('experimentId', () => ID, {
      nullable: true,
      description: 'All trials of this experiment. Give either this or `trialIds`.',
    })
    experimentId: ExperimentId | null | undefined,
    @Arg('keys', () => [String], { nullable: true, description: 'Names of the metrics. Unset: all.' }) keys:
      | string[]
      | null
      | undefined,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'A cursor of the page before, of `series` or of `metricsReported`. Unset: from the first point stored.',
    })
    after: string | null | undefined,
    @Arg('limit', () => Int, {
      defaultValue: 10_000,
      description: 'About how many points to return, 1 to 100,000: a batch that was reported is not cut.',
    })
    limit: number,
    @Ctx() { deps, principal }: Context,
  ): Promise<PointsPageType> {
    return readPoints(deps, principal, { trialIds, experimentId, keys, after, limit });
  }
}
