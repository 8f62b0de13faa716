import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { analyse } from '../../service/analysis/analyse.js';
import type { Analysis } from '../../service/analysis/load-analyses.js';
import type { AnalysisAnswer, AnalysisKind } from '../../service/analysis/questions.js';
import type { Context } from '../context.js';
import {
  ContourArgs,
  CurvesArgs,
  FailureArgs,
  ImportanceArgs,
  ObjectiveArgs,
  RankArgs,
  SliceArgs,
  StoppingArgs,
  TableArgs,
} from './analysis.input.js';
import { ExperimentAnalysisType } from './experiment-analysis.type.js';
import { type Modelled, withModel } from './model-surface.resolver.js';
import {
  ParallelCoordinatesType,
  ParameterContourType,
  ParameterCorrelationsType,
  ParameterImportanceType,
  ParameterSliceType,
  TrialRanksType,
} from './parameters.type.js';
import {
  BestSoFarType,
  CostAndGainType,
  IntermediateValuesType,
  TrialTimelineType,
  ValueDistributionType,
} from './progress.type.js';
import { StoppingAdviceType } from './stopping.type.js';
import { DuplicateTableType, FailureRegionsType, RegimeTableType } from './tables.type.js';

type Answer<Kind extends AnalysisKind> = Promise<AnalysisAnswer<Kind>>;

/** What it takes to compute, in objects of an answer: a page of 200 experiments may have a few each. */
const CHEAP = 20;
const DEAR = 200;

/** A field for each question: only what is selected is computed. */
@Resolver(() => ExperimentAnalysisType)
export class ExperimentAnalysisResolver {
  @FieldResolver(() => BestSoFarType, { complexity: CHEAP, description: 'How the best value came about.' })
  bestSoFar(
    @Root() analysis: Analysis,
    @Args(() => ObjectiveArgs) { objective }: ObjectiveArgs,
    @Ctx() { deps }: Context,
  ): Answer<'bestSoFar'> {
    return analyse(deps, analysis, 'bestSoFar', { objective });
  }

  @FieldResolver(() => ParameterImportanceType, { complexity: DEAR, description: 'Which parameters matter.' })
  importance(
    @Root() analysis: Analysis,
    @Args(() => ImportanceArgs) { method, objective = null, pairs }: ImportanceArgs,
    @Ctx() { deps }: Context,
  ): Answer<'importance'> {
    return analyse(deps, analysis, 'importance', { method, objective, pairs });
  }

  @FieldResolver(() => ParameterSliceType, { complexity: CHEAP, description: 'The objective against one parameter.' })
  async slice(
    @Root() analysis: Analysis,
    @Args(() => SliceArgs) { parameter, objective }: SliceArgs,
    @Ctx() { deps }: Context,
  ): Promise<Modelled<AnalysisAnswer<'slice'>>> {
    const options = { parameters: [parameter], objective };
    return withModel(await analyse(deps, analysis, 'slice', options), analysis, options);
  }

  @FieldResolver(() => ParameterContourType, {
    complexity: CHEAP,
    description: 'The objective against two parameters.',
  })
  async contour(
    @Root() analysis: Analysis,
    @Args(() => ContourArgs) { x, y, objective }: ContourArgs,
    @Ctx() { deps }: Context,
  ): Promise<Modelled<AnalysisAnswer<'contour'>>> {
    const options = { parameters: [x, y], objective };
    return withModel(await analyse(deps, analysis, 'contour', options), analysis, options);
  }

  @FieldResolver(() => TrialRanksType, {
    complexity: CHEAP,
    description: 'Trials by rank beside some parameters: every pair of these is a chart.',
  })
  rank(
    @Root() analysis: Analysis,
    @Args(() => RankArgs) { parameters, objective }: RankArgs,
    @Ctx() { deps }: Context,
  ): Answer<'rank'> {
    return analyse(deps, analysis, 'rank', { parameters, objective });
  }

  @FieldResolver(() => ParallelCoordinatesType, {
    complexity: CHEAP,
    description: 'Trials as lines through all parameters.',
  })
  parallelCoordinates(
    @Root() analysis: Analysis,
    @Arg('trials', () => Int, { defaultValue: 1_000, description: 'How many trials, 1 to 10000: the newest.' })
    trials: number,
    @Ctx() { deps }: Context,
  ): Answer<'parallelCoordinates'> {
    return analyse(deps, analysis, 'parallelCoordinates', { first: trials });
  }

  @FieldResolver(() => IntermediateValuesType, { complexity: CHEAP, description: 'What trials reported on the way.' })
  intermediateValues(
    @Root() analysis: Analysis,
    @Args(() => CurvesArgs) { first, points }: CurvesArgs,
    @Ctx() { deps }: Context,
  ): Answer<'intermediateValues'> {
    return analyse(deps, analysis, 'intermediateValues', { first, points });
  }

  @FieldResolver(() => ValueDistributionType, { complexity: CHEAP, description: 'How the values are distributed.' })
  distribution(
    @Root() analysis: Analysis,
    @Args(() => ObjectiveArgs) { objective }: ObjectiveArgs,
    @Ctx() { deps }: Context,
  ): Answer<'distribution'> {
    return analyse(deps, analysis, 'distribution', { objective });
  }

  @FieldResolver(() => TrialTimelineType, { complexity: CHEAP, description: 'When trials ran, and how many at once.' })
  timeline(
    @Root() analysis: Analysis,
    @Arg('trials', () => Int, { defaultValue: 1_000, description: 'How many trials, 1 to 10000: the newest.' })
    trials: number,
    @Ctx() { deps }: Context,
  ): Answer<'timeline'> {
    return analyse(deps, analysis, 'timeline', { first: trials });
  }

  @FieldResolver(() => RegimeTableType, {
    complexity: CHEAP,
    description: 'How trials fared in each branch of the space.',
  })
  regimes(
    @Root() analysis: Analysis,
    @Args(() => TableArgs) { objective, first }: TableArgs,
    @Ctx() { deps }: Context,
  ): Answer<'regimes'> {
    return analyse(deps, analysis, 'regimes', { objective, first });
  }

  @FieldResolver(() => DuplicateTableType, { complexity: CHEAP, description: 'Points that were tried more than once.' })
  duplicates(
    @Root() analysis: Analysis,
    @Args(() => TableArgs) { objective, first }: TableArgs,
    @Ctx() { deps }: Context,
  ): Answer<'duplicates'> {
    return analyse(deps, analysis, 'duplicates', { objective, first });
  }

  @FieldResolver(() => FailureRegionsType, { complexity: CHEAP, description: 'Where in the space trials fail.' })
  failures(
    @Root() analysis: Analysis,
    @Args(() => FailureArgs) { kind = null }: FailureArgs,
    @Ctx() { deps }: Context,
  ): Answer<'failures'> {
    return analyse(deps, analysis, 'failures', { kind });
  }

  @FieldResolver(() => ParameterCorrelationsType, {
    complexity: CHEAP,
    description: 'Which parameters and objectives rise and fall together.',
  })
  correlations(@Root() analysis: Analysis, @Ctx() { deps }: Context): Answer<'correlations'> {
    return analyse(deps, analysis, 'correlations', {});
  }

  @FieldResolver(() => CostAndGainType, {
    complexity: CHEAP,
    description: 'What training cost, against what it brought.',
  })
  costAndGain(
    @Root() analysis: Analysis,
    @Args(() => ObjectiveArgs) { objective }: ObjectiveArgs,
    @Ctx() { deps }: Context,
  ): Answer<'costAndGain'> {
    return analyse(deps, analysis, 'costAndGain', { objective });
  }

  @FieldResolver(() => StoppingAdviceType, { complexity: CHEAP, description: 'Whether going on is still worth it.' })
  stoppingAdvice(
    @Root() analysis: Analysis,
    @Args(() => StoppingArgs) { patience, ahead }: StoppingArgs,
    @Ctx() { deps }: Context,
  ): Answer<'stoppingAdvice'> {
    return analyse(deps, analysis, 'stoppingAdvice', { patience, ahead });
  }
}
