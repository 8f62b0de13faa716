import { Field, InputType } from 'type-graphql';
import type { SeriesAxis } from '../../service/metric/series-x-from.js';
import { defineEnum } from '../enum.js';

export const SeriesAxisEnum = defineEnum<SeriesAxis>('SeriesAxis', 'What places the rows of a series in a chart.', {
  STEP: 'The step: `SeriesColumns.x` is null.',
  TIME: 'The time of the point that the row shows, in seconds since the epoch.',
  RELATIVE_TIME: 'That time less `SeriesColumns.origin`, in seconds.',
  METRIC: 'The value of another metric of the same attempt.',
});

@InputType('SeriesXInput', {
  description: 'The axis of `SeriesColumns.x`. Rows are points or buckets by step in any case.',
})
export class SeriesXInputType {
  @Field(() => SeriesAxisEnum, { description: 'The axis.' })
  axis!: SeriesAxis;

  @Field(() => String, { nullable: true, description: 'Name of the metric: with `METRIC`, and only then.' })
  key?: string | null;
}
