import { Field, Int, ObjectType } from 'type-graphql';
import type { TrialState } from '../../domain/trial.js';
import type { Basis } from '../../service/analysis/basis.js';
import type { AnalysisAnswer } from '../../service/analysis/questions.js';
import { Access } from '../access.js';
import { Float64Column } from '../scalars/float64-column.js';
import { TrialStateEnum } from '../trial/trial.enum.js';
import { AnalysisBasisType, BASIS, NUMBERS } from './analysis.type.js';

@Access('viewer')
@ObjectType('BestSoFar', {
  description: 'The best value after each end of a trial, as columns in the order of ends.',
  simpleResolvers: true,
})
export class BestSoFarType implements AnalysisAnswer<'bestSoFar'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => Float64Column, { description: NUMBERS })
  numbers!: Float64Array;

  @Field(() => Float64Column, { description: 'Best value once it had ended; NaN before the first that counts.' })
  values!: Float64Array;

  @Field(() => Float64Column, {
    description: 'Number of the trial that held it: completed, feasible and finite. NaN before the first that counts.',
  })
  holders!: Float64Array;
}

@Access('viewer')
@ObjectType('CostAndGain', {
  description:
    'What training cost, against the best value, after each end of a trial, as columns in the order of ends.',
  simpleResolvers: true,
})
export class CostAndGainType implements AnalysisAnswer<'costAndGain'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => Float64Column, { description: NUMBERS })
  numbers!: Float64Array;

  @Field(() => Float64Column, {
    description:
      'Training seconds of all trials that had ended, summed, from the first start of each to its end. Times the GPUs of a trial, these are GPU seconds.',
  })
  seconds!: Float64Array;

  @Field(() => Float64Column, { description: 'Best value by then; NaN before the first that counts.' })
  values!: Float64Array;
}

@Access('viewer')
@ObjectType('ValueDistribution', {
  description: 'The empirical distribution of the objective over completed trials, as columns.',
  simpleResolvers: true,
})
export class ValueDistributionType implements AnalysisAnswer<'distribution'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => Float64Column, { description: 'Values that were reached, ascending, each once.' })
  values!: Float64Array;

  @Field(() => Float64Column, {
    description:
      'Share of the completed trials that are at least as good as the value: in the direction of the objective.',
  })
  shares!: Float64Array;
}

@Access('viewer')
@ObjectType('TrialTimeline', {
  description:
    'Trials as bars in the order of their starts, as columns. Positions are those of `AnalysisBasis.sequence`.',
  simpleResolvers: true,
})
export class TrialTimelineType implements AnalysisAnswer<'timeline'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => Float64Column, { description: NUMBERS })
  numbers!: Float64Array;

  @Field(() => [TrialStateEnum], { description: 'State of each.' })
  states!: TrialState[];

  @Field(() => [String], { description: 'Sampler that proposed each, or `user`.' })
  proposedBy!: string[];

  @Field(() => Float64Column, { description: 'Position at which it was proposed.' })
  from!: Float64Array;

  @Field(() => Float64Column, { description: 'Position at which it ended; NaN while it has not.' })
  to!: Float64Array;

  @Field(() => Float64Column, {
    description: 'The lowest lane that was free, from 0: as many lanes as trials at once.',
  })
  lanes!: Float64Array;

  @Field(() => Float64Column, { description: 'Seconds from its first start to its end; NaN while it has not both.' })
  seconds!: Float64Array;
}

type Curve = AnalysisAnswer<'intermediateValues'>['curves'][number];

@Access('viewer')
@ObjectType('IntermediateCurve', { description: 'What one trial reported of the objective.', simpleResolvers: true })
export class IntermediateCurveType implements Curve {
  @Field(() => Int, {
    description: 'Number of the trial; negative of one of another experiment that the search began with.',
  })
  number!: number;

  @Field(() => TrialStateEnum, { description: 'Where it stands.' })
  state!: TrialState;

  @Field(() => Float64Column, { description: 'Steps in order of arrival.' })
  steps!: Float64Array;

  @Field(() => Float64Column, { description: 'Values, NaN and infinities included.' })
  values!: Float64Array;
}

@Access('viewer')
@ObjectType('IntermediateValues', {
  description: 'Curves of the objective, of the newest trials that reported any and of the best one.',
  simpleResolvers: true,
})
export class IntermediateValuesType implements AnalysisAnswer<'intermediateValues'> {
  @Field(() => AnalysisBasisType, { description: 'What it was made of: `trials` counts all that reported anything.' })
  basis!: Basis;

  @Field(() => [IntermediateCurveType], { description: 'By number of the trial.' })
  curves!: Curve[];
}
