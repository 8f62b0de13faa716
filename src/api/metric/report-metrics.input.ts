import { Field, ID, InputType, Int } from 'type-graphql';
import type { TrialId } from '../../domain/ids.js';
import { Float64Column } from '../scalars/float64-column.js';
import { SafeInt } from '../scalars/safe-int.js';

@InputType('SeriesInput', { description: 'Points of one metric as columns of equal length.' })
export class SeriesInputType {
  @Field(() => String, { description: 'Name of the metric, at most 256 bytes.' })
  key!: string;

  @Field(() => Float64Column, { description: 'Steps: whole numbers within ±(2^53 − 1).' })
  steps!: Float64Array;

  @Field(() => Float64Column, { description: 'When each was logged, in seconds since the epoch.' })
  times!: Float64Array;

  @Field(() => Float64Column, { description: 'Values; NaN and infinities are welcome and kept.' })
  values!: Float64Array;
}

@InputType('ReportMetricsInput', {
  description: 'A batch of metric points. Sending it again is safe: what is stored already is skipped.',
})
export class ReportMetricsInputType {
  @Field(() => ID, { description: 'The trial.' })
  trialId!: TrialId;

  @Field(() => Int, { description: 'The attempt that reports.' })
  attempt!: number;

  @Field(() => String, {
    description: 'A stream of your own, e.g. one per process of the training. Positions count within it.',
  })
  stream!: string;

  @Field(() => SafeInt, {
    description:
      'Position of the first point of this batch in its stream: 0 for the first ever, then counting every point.',
  })
  seq!: number;

  @Field(() => [SeriesInputType], {
    description: 'The points, at most 10,000 in all. Points count in the order of the list, series after series.',
  })
  series!: SeriesInputType[];

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Number of points that had to be given up before this batch; kept and shown.',
  })
  dropped?: number | null;
}
