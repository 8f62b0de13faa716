import { Field, Int, ObjectType } from 'type-graphql';
import type { AnalysisProblem, Basis } from '../../service/analysis/basis.js';
import type { AxisColumns } from '../../service/analysis/columns.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';
import { Float64Column } from '../scalars/float64-column.js';
import { SafeInt } from '../scalars/safe-int.js';

export const BASIS = 'What it was made of.';
export const OBJECTIVE = 'Index of the objective, from 0.';
export const NUMBERS =
  'Numbers of the trials; negative ones are trials of other experiments that the search began with.';

const AnalysisProblemEnum = defineEnum<AnalysisProblem>(
  'AnalysisProblem',
  'Why an analysis is empty, or says little. None of these is an error.',
  {
    NO_TRIALS: 'There is no trial that counts.',
    TOO_FEW: 'There are too few to say anything.',
    NO_VARIANCE: 'All values are alike.',
    NO_MODEL: 'The model cannot say anything about what was asked.',
  },
);

@Access('viewer')
@ObjectType('AnalysisBasis', { description: 'What an analysis was made of.', simpleResolvers: true })
export class AnalysisBasisType implements Basis {
  @Field(() => Int, { description: 'How many trials it was made of.' })
  trials!: number;

  @Field(() => SafeInt, {
    description:
      "Position in the experiment's sequence, which every proposal and every end of a trial advances: everything up to there is in it.",
  })
  sequence!: number;

  @Field(() => AnalysisProblemEnum, {
    nullable: true,
    description: 'Why it is empty, or says little; null when it speaks.',
  })
  problem!: AnalysisProblem | null;
}

@Access('viewer')
@ObjectType('AnalysisAxis', {
  description: 'A parameter as an axis, and where trials stand on it.',
  simpleResolvers: true,
})
export class AnalysisAxisType implements AxisColumns {
  @Field(() => String, { description: 'Name of the parameter.' })
  parameter!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Its values from bottom to top as JSON texts, where they are few or without order; null for a scale.',
  })
  labels!: string[] | null;

  @Field(() => Float64, { nullable: true, description: 'The bottom of a scale; null where values are listed.' })
  low!: number | null;

  @Field(() => Float64, { nullable: true, description: 'The top of a scale; null where values are listed.' })
  high!: number | null;

  @Field(() => Boolean, { description: 'Whether the scale is logarithmic.' })
  isLog!: boolean;

  @Field(() => Float64Column, {
    description:
      'Where each trial stands: the index of its value where these are listed, else its place from 0 at the bottom to 1 at the top; NaN where the parameter is inactive.',
  })
  points!: Float64Array;
}
