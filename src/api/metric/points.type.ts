import { Field, ObjectType } from 'type-graphql';
import { Access } from '../access.js';
import { SeriesColumnsType } from './metric.type.js';

@Access('viewer', 'trial')
@ObjectType('PointsPage', { description: 'A page of points as they were stored.', simpleResolvers: true })
export class PointsPageType {
  @Field(() => String, {
    description:
      'Position after these points: pass it as `after` for the next page, or to `Subscription.metricsReported` to go on with what comes.',
  })
  cursor!: string;

  @Field(() => Boolean, {
    description: 'Whether more is stored. A page may be empty and say so: points of other keys count towards `limit`.',
  })
  more!: boolean;

  @Field(() => [SeriesColumnsType], {
    description: 'The points, for each trial, attempt and key in stored order; never bucketed.',
  })
  series!: readonly SeriesColumnsType[];
}
