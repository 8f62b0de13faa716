import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { MetricSummaryColumns } from '../../domain/metric.js';
import type { Trial } from '../../domain/trial.js';
import { Access } from '../access.js';
import type { Connection } from '../connection.js';
import type { Context } from '../context.js';
import { MetricSummaryColumnsType } from '../metric/metric.type.js';
import { TrialConnection } from './trial.type.js';

@Resolver(() => TrialConnection)
export class TrialConnectionResolver {
  @Access('viewer')
  @FieldResolver(() => [MetricSummaryColumnsType], {
    description:
      'Summaries of the metrics that the trials of this page have, by name: as columns with a row for each of `nodes`. Far cheaper than `Trial.summary` of each.',
  })
  summary(
    @Root() { nodes }: Connection<Trial>,
    @Arg('keys', () => [String], { nullable: true, description: 'Only these metrics. Unset: all.' }) keys:
      | string[]
      | null
      | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<readonly MetricSummaryColumns[]> {
    return loaders.pageSummary(keys ?? null).load(nodes.map(({ id }) => id));
  }
}
