import { Field, Int, ObjectType } from 'type-graphql';
import type { Basis } from '../../service/analysis/basis.js';
import type { AxisColumns } from '../../service/analysis/columns.js';
import type { ImportanceAnswer, ImportanceMethod } from '../../service/analysis/importance-of.js';
import type { AnalysisAnswer } from '../../service/analysis/questions.js';
import type { SurfaceAnswer } from '../../service/analysis/surface-of.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';
import { Float64Column } from '../scalars/float64-column.js';
import { AnalysisAxisType, AnalysisBasisType, BASIS, NUMBERS } from './analysis.type.js';

const VALUES = 'The objective, as reported; finite.';
const RANKS = 'From 0 for the best of these trials to 1 for the worst, ties shared.';

export const ImportanceMethodEnum = defineEnum<ImportanceMethod>('ImportanceMethod', 'How importance is measured.', {
  PED_ANOVA:
    'How much the best tenth of the trials differs from all of them, parameter by parameter; sums to 1. Fast. Watanabe et al. 2023, arXiv:2304.10255.',
  FANOVA:
    'Share of the variance that a forest of trees puts down to each parameter over the whole space; sums to at most 1, the rest is in interactions. Of at most 1000 trials, those with the most frequent set of active parameters. Hutter et al. 2014.',
});

type Pair = ImportanceAnswer['interactions'][number];

@Access('viewer')
@ObjectType('ParameterInteraction', {
  description: 'What two parameters explain together, beyond each alone.',
  simpleResolvers: true,
})
export class ParameterInteractionType implements Pair {
  @Field(() => [String], { description: 'The two names.' })
  parameters!: string[];

  @Field(() => Float64, { description: 'Share of the variance, at least 0.' })
  importance!: number;
}

@Access('viewer')
@ObjectType('ParameterImportance', {
  description: 'Which parameters matter, as columns, the most important first.',
  simpleResolvers: true,
})
export class ParameterImportanceType implements ImportanceAnswer {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => ImportanceMethodEnum, { description: 'How it was measured.' })
  method!: ImportanceMethod;

  @Field(() => [String], { description: 'Names of the parameters.' })
  parameters!: string[];

  @Field(() => Float64Column, { description: 'Importance of each, at least 0.' })
  importances!: Float64Array;

  @Field(() => [ParameterInteractionType], { description: 'Pairs, the most important first; none unless asked for.' })
  interactions!: Pair[];
}

@Access('viewer')
@ObjectType('ModelSurface', {
  description:
    'What a Gaussian process expects along a parameter, or two, averaged over all others (partial dependence). Of at most 200 trials; to be drawn next to them.',
  simpleResolvers: true,
})
export class ModelSurfaceType implements SurfaceAnswer {
  @Field(() => AnalysisBasisType, { description: 'What it was made of: the trials that the model was fitted to.' })
  basis!: Basis;

  @Field(() => Float64Column, { description: 'Places along the first parameter, as in `AnalysisAxis.points`.' })
  x!: Float64Array;

  @Field(() => Float64Column, {
    nullable: true,
    description: 'Places along the second one; null when there is but one.',
  })
  y!: Float64Array | null;

  @Field(() => Float64Column, {
    description: 'Expected objective at each place, in its own unit; of two parameters row by row, a row for each `x`.',
  })
  means!: Float64Array;

  @Field(() => Float64Column, {
    description: 'Standard deviation of each mean: how little the model knows there, not how much single trials vary.',
  })
  deviations!: Float64Array;
}

@Access('viewer')
@ObjectType('ParameterSlice', {
  description:
    'The objective against one parameter, over the completed trials that have it, as columns by trial number.',
  simpleResolvers: true,
})
export class ParameterSliceType implements AnalysisAnswer<'slice'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => AnalysisAxisType, { description: 'The parameter.' })
  axis!: AxisColumns;

  @Field(() => Float64Column, { description: NUMBERS })
  numbers!: Float64Array;

  @Field(() => Float64Column, { description: VALUES })
  values!: Float64Array;

  @Field(() => Float64Column, { description: '1 where the constraints held, else 0.' })
  feasible!: Float64Array;
}

@Access('viewer')
@ObjectType('ParameterContour', {
  description:
    'The objective against two parameters, over the completed trials that have both, as columns by trial number.',
  simpleResolvers: true,
})
export class ParameterContourType implements AnalysisAnswer<'contour'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => AnalysisAxisType, { description: 'The first parameter.' })
  x!: AxisColumns;

  @Field(() => AnalysisAxisType, { description: 'The second parameter.' })
  y!: AxisColumns;

  @Field(() => Float64Column, { description: NUMBERS })
  numbers!: Float64Array;

  @Field(() => Float64Column, { description: VALUES })
  values!: Float64Array;

  @Field(() => Float64Column, { description: RANKS })
  ranks!: Float64Array;
}

@Access('viewer')
@ObjectType('TrialRanks', {
  description: 'Completed trials by how good they are among all, beside some parameters, as columns by trial number.',
  simpleResolvers: true,
})
export class TrialRanksType implements AnalysisAnswer<'rank'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => [AnalysisAxisType], { description: 'The parameters, in the order asked for.' })
  axes!: AxisColumns[];

  @Field(() => Float64Column, { description: NUMBERS })
  numbers!: Float64Array;

  @Field(() => Float64Column, { description: VALUES })
  values!: Float64Array;

  @Field(() => Float64Column, { description: RANKS })
  ranks!: Float64Array;
}

@Access('viewer')
@ObjectType('ParallelCoordinates', {
  description: 'The newest completed trials as lines through an axis for each parameter, as columns by trial number.',
  simpleResolvers: true,
})
export class ParallelCoordinatesType implements AnalysisAnswer<'parallelCoordinates'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => [AnalysisAxisType], { description: 'All parameters, in the order in which they are drawn.' })
  axes!: AxisColumns[];

  @Field(() => Float64Column, { description: NUMBERS })
  numbers!: Float64Array;

  @Field(() => [Float64Column], { description: 'A column of values for each objective, as reported.' })
  objectives!: Float64Array[];
}

@Access('viewer')
@ObjectType('ParameterCorrelations', {
  description: "Spearman's rank correlations of the parameters that have an order, and of the objectives.",
  simpleResolvers: true,
})
export class ParameterCorrelationsType implements AnalysisAnswer<'correlations'> {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => [String], { description: 'Names of the parameters.' })
  parameters!: string[];

  @Field(() => Int, { description: 'Number of objectives, which follow the parameters in the matrix.' })
  objectives!: number;

  @Field(() => Float64Column, {
    description:
      'The matrix row by row, from -1 to 1, objectives as reported. NaN where one of the two is constant, or fewer than three trials have both.',
  })
  matrix!: Float64Array;
}
