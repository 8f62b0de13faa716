import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { TrainingJobId, TrialId } from '../../domain/ids.js';
import { followLog } from '../../service/log/follow-log.js';
import { readLog } from '../../service/log/read-log.js';
import { reportLogs } from '../../service/log/report-logs.js';
import { searchLog } from '../../service/log/search-log.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { live } from '../live.js';
import { ReportResultType } from '../metric/metric.type.js';
import { LogMatchesType, LogPageType } from './log.type.js';
import { ReportLogsInputType } from './report-logs.input.js';

@ArgsType()
class LogTargetArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'The log of this training job. Give either this or `trialId` with `attempt`.',
  })
  jobId?: TrainingJobId | null;

  @Field(() => ID, { nullable: true, description: 'The log of this trial.' })
  trialId?: TrialId | null;

  @Field(() => Int, { nullable: true, description: 'The attempt of the trial.' })
  attempt?: number | null;

  @Field(() => String, {
    defaultValue: 'console',
    description: 'Name of the stream; `console` is what a runner captured.',
  })
  stream!: string;
}

@ArgsType()
class LogLinesArgs extends LogTargetArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Return the lines after this cursor, one that an earlier page gave.',
  })
  after?: string | null;

  @Field(() => Int, { defaultValue: 1000, description: 'Most lines to return. A page of very long lines holds fewer.' })
  first!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Without a cursor: start this many lines before the end. Unset: start with the first line.',
  })
  tail?: number | null;
}

@ArgsType()
class LogSearchArgs extends LogTargetArgs {
  @Field(() => String, { description: 'What a line must contain, as it stands: 1 to 1,000 characters, no pattern.' })
  text!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether upper and lower case differ.' })
  caseSensitive!: boolean;

  @Field(() => String, { nullable: true, description: 'Go on from this cursor, one that an earlier page gave.' })
  after?: string | null;

  @Field(() => Int, { defaultValue: 100, description: 'Most lines to return: 1 to 1,000.' })
  first!: number;
}

interface JobLogArgs {
  readonly jobId: TrainingJobId;
  readonly after?: string | null;
}

@Resolver()
export class LogResolver {
  @Access('viewer')
  @Query(() => LogPageType, { description: 'Lines of a log.' })
  logLines(@Args(() => LogLinesArgs) args: LogLinesArgs, @Ctx() { deps, principal }: Context): Promise<LogPageType> {
    return readLog(deps, principal, args);
  }

  @Access('viewer')
  @Query(() => LogMatchesType, {
    description: 'Lines that contain a text, of the whole log. Escape sequences of terminals are not part of a line.',
  })
  logSearch(
    @Args(() => LogSearchArgs) { caseSensitive, ...args }: LogSearchArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<LogMatchesType> {
    return searchLog(deps, principal, { ...args, isCaseSensitive: caseSensitive });
  }

  @Access('writer', 'trial', 'runner')
  @Mutation(() => ReportResultType, { description: 'Stores log lines. The answer comes after they are durable.' })
  reportLogs(
    @Arg('input', () => ReportLogsInputType, { description: 'The lines.' }) input: ReportLogsInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<ReportResultType> {
    return reportLogs(deps, principal, input);
  }

  @Access('viewer')
  @Subscription(() => LogPageType, {
    description: 'Lines of the console of a training job, as they are committed.',
    subscribe: ({ args, context }: { args: JobLogArgs; context: Context }) =>
      live(context, (signal) =>
        followLog(
          context.deps,
          context.principal,
          { jobId: args.jobId, after: args.after ?? null, recheck: context.recheck },
          signal,
        ),
      ),
  })
  jobLog(
    @Root() page: LogPageType,
    @Arg('jobId', () => ID, { description: 'The job.' }) _jobId: TrainingJobId,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor of `logLines` or of the last message received. Unset: from the first line.',
    })
    _after: string | null,
  ): LogPageType {
    return page;
  }
}
