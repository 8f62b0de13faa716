import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { TrialId } from '../../domain/ids.js';
import type { MetricSummary, MetricSummaryColumns, ReportOutcome, Verdict } from '../../domain/metric.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';
import { Float64Column } from '../scalars/float64-column.js';
import { SafeInt } from '../scalars/safe-int.js';

export const ReportOutcomeEnum = defineEnum<ReportOutcome>(
  'ReportOutcome',
  'What became of a report. None of these is an error.',
  {
    ACCEPTED: 'Stored, durably; what had been stored before was skipped.',
    GAP: 'Nothing stored: points before this batch are missing. Send again from `nextSeq`, even when it is lower than one that was accepted.',
    CONFLICT: 'Nothing stored: other points are stored at these positions of the stream.',
    FENCED: 'Nothing stored: a newer attempt owns the trial. Stop reporting.',
  },
);

@Access('viewer', 'trial', 'runner')
@ObjectType('MetricSummary', {
  description:
    'What is known of one metric of a trial without reading its points. `min`, `max` and `mean` are over finite values.',
  simpleResolvers: true,
})
export class MetricSummaryType implements Omit<MetricSummary, 'trialId'> {
  @Field(() => String, { description: 'Name of the metric.' })
  key!: string;

  @Field(() => SafeInt, { description: 'Number of points.' })
  count!: number;

  @Field(() => SafeInt, { description: 'How many of them are NaN or infinite.' })
  nonFinite!: number;

  @Field(() => Float64, { description: 'The first value reported.' })
  first!: number;

  @Field(() => Float64, { description: 'The last value reported.' })
  last!: number;

  @Field(() => SafeInt, { description: 'Step of the last value.' })
  lastStep!: number;

  @Field(() => Float64, { nullable: true, description: 'Smallest finite value; null when there is none.' })
  min!: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Step of the smallest value.' })
  minStep!: number | null;

  @Field(() => Float64, { nullable: true, description: 'Largest finite value; null when there is none.' })
  max!: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Step of the largest value.' })
  maxStep!: number | null;

  @Field(() => Float64, { nullable: true, description: 'Mean of the finite values; null when there is none.' })
  mean!: number | null;
}

@Access('viewer')
@ObjectType('MetricSummaryColumns', {
  description:
    'What is known of one metric of many trials, as columns of equal length with a row for each trial. Where a trial has no such metric, `count` is 0 and the rest is NaN.',
  simpleResolvers: true,
})
export class MetricSummaryColumnsType implements MetricSummaryColumns {
  @Field(() => String, { description: 'Name of the metric.' })
  key!: string;

  @Field(() => Float64Column, { description: 'Number of points.' })
  count!: Float64Array;

  @Field(() => Float64Column, { description: 'The first value reported, which may be NaN.' })
  first!: Float64Array;

  @Field(() => Float64Column, { description: 'The last value reported, which may be NaN.' })
  last!: Float64Array;

  @Field(() => Float64Column, { description: 'Smallest finite value; NaN where there is none.' })
  min!: Float64Array;

  @Field(() => Float64Column, { description: 'Largest finite value; NaN where there is none.' })
  max!: Float64Array;

  @Field(() => Float64Column, { description: 'Mean of the finite values; NaN where there is none.' })
  mean!: Float64Array;
}

@Access('viewer', 'trial')
@ObjectType('MetricSeries', {
  description: 'A series that exists. Its points are read with `Query.series`.',
  simpleResolvers: true,
})
export class MetricSeriesType {
  @Field(() => ID, { description: 'The trial that reported it.' })
  trialId!: TrialId;

  @Field(() => String, { description: 'Name of the metric.' })
  key!: string;

  @Field(() => MetricSummaryType, { description: 'What is known of it without reading its points.' })
  summary!: MetricSummary;
}

@Access('viewer', 'trial')
@ObjectType('SeriesColumns', {
  description:
    'Points of one series as columns of equal length, in stored order; or, when there are more than was asked for, buckets by step.',
  simpleResolvers: true,
})
export class SeriesColumnsType {
  @Field(() => ID, { description: 'The trial that reported it.' })
  trialId!: TrialId;

  @Field(() => Int, { description: 'The attempt that reported it.' })
  attempt!: number;

  @Field(() => String, { description: 'Name of the metric.' })
  key!: string;

  @Field(() => SafeInt, {
    description:
      'Number of points stored in the series, in the window of steps and times asked for; the columns are shorter when `bucketed`.',
  })
  count!: number;

  @Field(() => Boolean, { description: 'Whether each row stands for a bucket of points instead of one point.' })
  bucketed!: boolean;

  @Field(() => Float64Column, { description: 'Steps; of a bucket, the last one.' })
  steps!: Float64Array;

  @Field(() => Float64Column, { description: 'When each was logged, in seconds since the epoch.' })
  times!: Float64Array;

  @Field(() => Float64Column, { description: 'Values; of a bucket, the last one.' })
  values!: Float64Array;

  @Field(() => Float64Column, {
    nullable: true,
    description:
      'First finite value of each bucket, by step; where there is none, its first value. Null when not bucketed.',
  })
  first!: Float64Array | null;

  @Field(() => Float64Column, {
    nullable: true,
    description: 'Smallest finite value of each bucket; null when not bucketed.',
  })
  min!: Float64Array | null;

  @Field(() => Float64Column, {
    nullable: true,
    description: 'Largest finite value of each bucket; null when not bucketed.',
  })
  max!: Float64Array | null;

  @Field(() => Float64Column, {
    nullable: true,
    description: 'Mean of the finite values of each bucket, NaN where there is none; null when not bucketed.',
  })
  mean!: Float64Array | null;

  @Field(() => Float64Column, {
    nullable: true,
    description: 'Number of points in each bucket; null when not bucketed.',
  })
  counts!: Float64Array | null;

  @Field(() => Float64Column, {
    nullable: true,
    description: 'Number of NaN and infinite values in each bucket; null when not bucketed.',
  })
  nonFinite!: Float64Array | null;

  @Field(() => Float64Column, {
    nullable: true,
    description:
      'Where each row stands on the axis asked for; null when that is the step. `TIME`: when the point shown was logged. `RELATIVE_TIME`: seconds from `origin` to then. `METRIC`: for a point the last finite value of that metric at the same step, for a bucket what that metric shows in the same bucket; NaN where it has none in the window.',
  })
  x!: Float64Array | null;

  @Field(() => Float64, {
    nullable: true,
    description:
      'With `RELATIVE_TIME`, when the attempt began to log, in seconds since the epoch: the time of the point stored first of the keys asked for, in the window or not. Null with other axes.',
  })
  origin!: number | null;
}

@Access('viewer', 'trial')
@ObjectType('SeriesResult', { description: 'Series as they stand, and where to go on.', simpleResolvers: true })
export class SeriesResultType {
  @Field(() => String, {
    description:
      'Position after these points: pass it to `Subscription.metricsReported` to receive what comes next, without a gap.',
  })
  cursor!: string;

  @Field(() => [SeriesColumnsType], { description: 'One for each trial, attempt and key that has points.' })
  series!: readonly SeriesColumnsType[];
}

@Access('viewer', 'trial')
@ObjectType('MetricDelta', { description: 'Points reported since a cursor.', simpleResolvers: true })
export class MetricDeltaType {
  @Field(() => String, { description: 'Position after these points: subscribe again with it after a lost connection.' })
  cursor!: string;

  @Field(() => [SeriesColumnsType], { description: 'The new points; never bucketed.' })
  series!: readonly SeriesColumnsType[];
}

@Access('authenticated')
@ObjectType('Verdict', { description: 'What a training loop is told with each report.', simpleResolvers: true })
export class VerdictType implements Verdict {
  @Field(() => Boolean, { description: 'Whether to stop training.' })
  stop!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether to stop for now only: save a checkpoint and end as PAUSED. A scheduler may resume the trial from there.',
  })
  pause!: boolean;

  @Field(() => String, { nullable: true, description: 'Why, in a sentence; null when it may go on.' })
  reason!: string | null;
}

@Access('authenticated')
@ObjectType('ReportResult', { description: 'Answer to a report, given after it is durable.', simpleResolvers: true })
export class ReportResultType {
  @Field(() => ReportOutcomeEnum, { description: 'What became of the report.' })
  outcome!: ReportOutcome;

  @Field(() => SafeInt, {
    description: 'The position that the server expects next in this stream: its word is the truth.',
  })
  nextSeq!: number;

  @Field(() => VerdictType, { description: 'Whether to go on training.' })
  verdict!: Verdict;
}
