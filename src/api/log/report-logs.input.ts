import { Field, ID, InputType, Int } from 'type-graphql';
import type { TrialId } from '../../domain/ids.js';
import { Float64Column } from '../scalars/float64-column.js';
import { SafeInt } from '../scalars/safe-int.js';
import { type LogSource, LogSourceEnum } from './log.type.js';

@InputType('ReportLogsInput', {
  description:
    'A batch of log lines as columns of equal length. Sending it again is safe: what is stored already is skipped.',
})
export class ReportLogsInputType {
  @Field(() => ID, { description: 'The trial.' })
  trialId!: TrialId;

  @Field(() => Int, { description: 'The attempt that wrote the lines.' })
  attempt!: number;

  @Field(() => String, { description: 'Name of the stream; `console` for what a runner captured.' })
  stream!: string;

  @Field(() => SafeInt, { description: 'Number of the first line of this batch in its stream, counting from 0.' })
  seq!: number;

  @Field(() => [String], { description: 'The lines, without their line ends.' })
  lines!: string[];

  @Field(() => [LogSourceEnum], { description: 'Where each line comes from.' })
  sources!: LogSource[];

  @Field(() => Float64Column, { description: 'When each line was written, in seconds since the epoch.' })
  times!: Float64Array;
}
