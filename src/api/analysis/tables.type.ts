import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import type { Basis } from '../../service/analysis/basis.js';
import type { AnalysisAnswer } from '../../service/analysis/questions.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';
import { Float64Column } from '../scalars/float64-column.js';
import { AnalysisBasisType, BASIS } from './analysis.type.js';

type Regime = AnalysisAnswer<'regimes'>['regimes'][number];
type Point = AnalysisAnswer<'duplicates'>['points'][number];
type KindCount = AnalysisAnswer<'failures'>['kinds'][number];
type Axis = AnalysisAnswer<'failures'>['parameters'][number];

export type FailureKind = KindCount['kind'];

export const FailureKindEnum = defineEnum<FailureKind>('FailureKind', 'How a trial failed.', {
  USER_CODE: 'The training code failed: an exception or a non-zero exit code.',
  OOM: 'Out of memory, on the machine or on a GPU.',
  TIMEOUT: 'Ran longer than its limit.',
  HANG: 'Alive, but silent for too long.',
  POISON: 'Its runner died while it ran, several times.',
  NOT_FINITE: 'Completed, with a value that is NaN or infinite, or with none.',
});

@Access('viewer')
@ObjectType('SearchRegime', {
  description: 'A set of parameters that were active together: a branch of a conditional space.',
  simpleResolvers: true,
})
export class SearchRegimeType implements Regime {
  @Field(() => [String], { description: 'The active parameters.' })
  parameters!: string[];

  @Field(() => Int, { description: 'Trials of it, in any state.' })
  trials!: number;

  @Field(() => Int, { description: 'Those that completed with finite values.' })
  observed!: number;

  @Field(() => Int, { description: 'Those that failed by their own fault.' })
  failed!: number;

  @Field(() => Float64, { nullable: true, description: 'The best value; null while there is none.' })
  best!: number | null;

  @Field(() => Int, { nullable: true, description: 'Number of the trial that has it.' })
  bestTrial!: number | null;

  @Field(() => Float64, { nullable: true, description: 'Median of the values; null while there is none.' })
  median!: number | null;
}

@Access('viewer')
@ObjectType('RegimeTable', {
  description: 'The regimes that were met, the most frequent first.',
  simpleResolvers: true,
})
export class RegimeTableType implements AnalysisAnswer<'regimes'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => Int, { description: 'Number of regimes that there are.' })
  total!: number;

  @Field(() => [SearchRegimeType], { description: 'The most frequent of them.' })
  regimes!: Regime[];
}

@Access('viewer')
@ObjectType('DuplicatePoint', { description: 'A point that was tried more than once.', simpleResolvers: true })
export class DuplicatePointType implements Point {
  @Field(() => GraphQLJSONObject, { description: 'Its hyperparameters.' })
  params!: Point['params'];

  @Field(() => Float64Column, { description: 'Numbers of its trials, ascending.' })
  numbers!: Float64Array;

  @Field(() => Int, { description: 'How many of them completed with finite values.' })
  observed!: number;

  @Field(() => Float64, { nullable: true, description: 'Mean of these values; null when there is none.' })
  mean!: number | null;

  @Field(() => Float64, { nullable: true, description: 'Their deviation as of a sample (n - 1); null below two.' })
  deviation!: number | null;
}

@Access('viewer')
@ObjectType('DuplicateTable', { description: 'Points that were tried more than once.', simpleResolvers: true })
export class DuplicateTableType implements AnalysisAnswer<'duplicates'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => Int, { description: 'Number of such points.' })
  total!: number;

  @Field(() => [DuplicatePointType], { description: 'The most often tried of them.' })
  points!: Point[];

  @Field(() => Float64, {
    nullable: true,
    description:
      'Standard deviation of the objective at one and the same point, pooled over all; null when no point has two values.',
  })
  noise!: number | null;

  @Field(() => Int, { description: 'Degrees of freedom of `noise`: below five it says little.' })
  freedom!: number;
}

@Access('viewer')
@ObjectType('FailureKindCount', { description: 'How often trials failed in one way.', simpleResolvers: true })
export class FailureKindCountType implements KindCount {
  @Field(() => FailureKindEnum, { description: 'The way.' })
  kind!: FailureKind;

  @Field(() => Int, { description: 'Number of trials.' })
  count!: number;
}

@Access('viewer')
@ObjectType('FailuresByParameter', {
  description: 'How many trials ended, and how many failed, in each part of the range of a parameter, as columns.',
  simpleResolvers: true,
})
export class FailuresByParameterType implements Axis {
  @Field(() => String, { description: 'Name of the parameter.' })
  parameter!: string;

  @Field(() => Float64, {
    description:
      'How much of the doubt whether a trial fails its place on this parameter takes away, from 0 to 1, less what chance alone would tell.',
  })
  told!: number;

  @Field(() => [String], { description: 'Where each part begins, as JSON text.' })
  low!: string[];

  @Field(() => [String], { description: 'Where it ends; the same where a part is one value.' })
  high!: string[];

  @Field(() => Float64Column, { description: 'Trials that ended in it.' })
  ended!: Float64Array;

  @Field(() => Float64Column, { description: 'Those of them that failed.' })
  failed!: Float64Array;
}

@Access('viewer')
@ObjectType('FailureRegions', {
  description: 'Where in the space trials fail by their own fault.',
  simpleResolvers: true,
})
export class FailureRegionsType implements AnalysisAnswer<'failures'> {
  @Field(() => AnalysisBasisType, { description: 'What it was made of: trials that ended by themselves.' })
  basis!: Basis;

  @Field(() => Int, { description: 'How many of them failed, in the way asked for.' })
  failed!: number;

  @Field(() => [FailureKindCountType], { description: 'In which ways, the most frequent first; of any kind.' })
  kinds!: KindCount[];

  @Field(() => [FailuresByParameterType], { description: 'Parameter by parameter, the most telling first.' })
  parameters!: Axis[];
}
