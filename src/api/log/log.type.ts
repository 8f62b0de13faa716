import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { TrialId } from '../../domain/ids.js';
import type { LogStream } from '../../domain/training-job.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64Column } from '../scalars/float64-column.js';
import { SafeInt } from '../scalars/safe-int.js';

export type LogSource = 'STDOUT' | 'STDERR' | 'SYSTEM';

export const LogSourceEnum = defineEnum<LogSource>('LogSource', 'Where a log line comes from.', {
  STDOUT: 'Standard output of the command.',
  STDERR: 'Standard error of the command.',
  SYSTEM: 'Trialgraph itself.',
});

@Access('viewer')
@ObjectType('LogStream', { description: 'What exists of the output of one attempt.', simpleResolvers: true })
export class LogStreamType implements LogStream {
  @Field(() => ID, { description: 'The trial.' })
  trialId!: TrialId;

  @Field(() => Int, { description: 'The attempt.' })
  attempt!: number;

  @Field(() => String, { description: 'Name of the stream; `console` for what a runner captured.' })
  name!: string;

  @Field(() => SafeInt, { description: 'Number of lines stored.' })
  nextSeq!: number;
}

@Access('viewer')
@ObjectType('LogPage', { description: 'Lines of a log as columns of equal length.', simpleResolvers: true })
export class LogPageType {
  @Field(() => String, { description: 'Position after the last line: read on or subscribe with it.' })
  cursor!: string;

  @Field(() => [String], { description: 'The lines, without their line ends. May hold control and escape characters.' })
  lines!: readonly string[];

  @Field(() => [LogSourceEnum], { description: 'Where each line comes from.' })
  sources!: readonly LogSource[];

  @Field(() => Float64Column, { description: 'When each line was written, in seconds since the epoch.' })
  times!: Float64Array;

  @Field(() => SafeInt, { description: 'Number of the first line of this page; the first line of a log is 0.' })
  firstSeq!: number;

  @Field(() => Boolean, { description: 'Whether more lines are stored after this page.' })
  hasMore!: boolean;
}

@Access('viewer')
@ObjectType('LogMatches', {
  description: 'Lines of a log that contain a text, as columns of equal length.',
  simpleResolvers: true,
})
export class LogMatchesType {
  @Field(() => String, { description: 'Where the search goes on.' })
  cursor!: string;

  @Field(() => Float64Column, { description: 'Number of each line; the first line of a log is 0.' })
  seqs!: Float64Array;

  @Field(() => [String], { description: 'The lines, without their line ends. May hold control and escape characters.' })
  lines!: readonly string[];

  @Field(() => [LogSourceEnum], { description: 'Where each line comes from.' })
  sources!: readonly LogSource[];

  @Field(() => Float64Column, { description: 'When each line was written, in seconds since the epoch.' })
  times!: Float64Array;

  @Field(() => SafeInt, { description: 'Number of lines looked at up to here, by this page and those before it.' })
  searched!: number;

  @Field(() => SafeInt, { description: 'Number of lines stored.' })
  total!: number;

  @Field(() => Boolean, {
    description: 'Whether lines are left to look at. A page may hold no match though there is more.',
  })
  hasMore!: boolean;
}
