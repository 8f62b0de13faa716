import { Arg, Ctx, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { followMetrics } from '../../service/metric/follow-metrics.js';
import { readSeries } from '../../service/metric/read-series.js';
import { reportMetrics } from '../../service/metric/report-metrics.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { live } from '../live.js';
import { Float64 } from '../scalars/float64.js';
import { SafeInt } from '../scalars/safe-int.js';
import { MetricDeltaType, ReportResultType, SeriesResultType } from './metric.type.js';
import { ReportMetricsInputType } from './report-metrics.input.js';
import { SeriesXInputType } from './series-x.input.js';

interface MetricsReportedArgs {
  readonly trialIds?: TrialId[] | null;
  readonly experimentId?: ExperimentId | null;
  readonly keys?: string[] | null;
  readonly after?: string | null;
}

const TRIAL_IDS = 'The trials, at most 1000. Give either these or `experimentId`.';
const EXPERIMENT_ID = 'All trials of this experiment. Give either this or `trialIds`.';

@Resolver()
export class MetricResolver {
  @Access('viewer', 'trial')
  @Query(() => SeriesResultType, {
    description: 'Series as columns, and the cursor from which `metricsReported` goes on.',
  })
  series(
    @Arg('trialIds', () => [ID], { nullable: true, description: TRIAL_IDS }) trialIds: TrialId[] | null | undefined,
    @Arg('experimentId', () => ID, { nullable: true, description: EXPERIMENT_ID }) experimentId:
      | ExperimentId
      | null
      | undefined,
    @Arg('keys', () => [String], { description: 'Names of the metrics.' }) keys: string[],
    @Arg('maxPoints', () => Int, {
      defaultValue: 2000,
      description: 'Most rows of each series: one with more points comes in buckets by step.',
    })
    maxPoints: number,
    @Arg('fromStep', () => SafeInt, { nullable: true, description: 'Only points with this step or a later one.' })
    fromStep: number | null | undefined,
    @Arg('toStep', () => SafeInt, { nullable: true, description: 'Only points with this step or an earlier one.' })
    toStep: number | null | undefined,
    @Arg('fromTime', () => Float64, {
      nullable: true,
      description: 'Only points logged at this time or later, in seconds since the epoch.',
    })
    fromTime: number | null | undefined,
    @Arg('toTime', () => Float64, {
      nullable: true,
      description: 'Only points logged at this time or earlier, in seconds since the epoch.',
    })
    toTime: number | null | undefined,
    @Arg('x', () => SeriesXInputType, { nullable: true, description: 'What places the rows. Unset: their steps.' })
    x: SeriesXInputType | null | undefined,
    @Ctx() { deps, principal }: Context,
  ): Promise<SeriesResultType> {
    return readSeries(deps, principal, {
      trialIds: trialIds ?? null,
      experimentId: experimentId ?? null,
      keys,
      maxPoints,
      fromStep,
      toStep,
      fromTime,
      toTime,
      x,
    });
  }

  @Access('writer', 'trial')
  @Mutation(() => ReportResultType, {
    description: 'Stores metric points. The answer comes after they are durable and says whether to go on training.',
  })
  reportMetrics(
    @Arg('input', () => ReportMetricsInputType, { description: 'The points.' }) input: ReportMetricsInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<ReportResultType> {
    return reportMetrics(deps, principal, input);
  }

  @Access('viewer', 'trial')
  @Subscription(() => MetricDeltaType, {
    description: 'Points as they are committed, without a gap and without a duplicate from the cursor on.',
    subscribe: ({ args, context }: { args: MetricsReportedArgs; context: Context }) =>
      live(context, (signal) => {
        const { trialIds = null, experimentId = null, keys = null, after = null } = args;
        return followMetrics(
          context.deps,
          context.principal,
          { trialIds, experimentId, keys, after, recheck: context.recheck },
          signal,
        );
      }),
  })
  metricsReported(
    @Root() delta: MetricDeltaType,
    @Arg('trialIds', () => [ID], { nullable: true, description: TRIAL_IDS }) _trialIds: TrialId[] | null,
    @Arg('experimentId', () => ID, { nullable: true, description: EXPERIMENT_ID }) _experimentId: ExperimentId | null,
    @Arg('keys', () => [String], { nullable: true, description: 'Names of the metrics. Unset: all.' }) _keys:
      | string[]
      | null,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor of `series` or of the last message received. Unset: from the first point stored.',
    })
    _after: string | null,
  ): MetricDeltaType {
    return delta;
  }
}
