import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Experiment } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import { compareAnalyses } from '../../service/analysis/compare-analyses.js';
import type { Analysis } from '../../service/analysis/load-analyses.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { ExperimentType } from '../experiment/experiment.type.js';
import { ExperimentAnalysisType } from './experiment-analysis.type.js';

/** The ways to an analysis: of an experiment, and of several. */
@Resolver(() => ExperimentType)
export class AnalysesResolver {
  @Access('viewer')
  @Query(() => [ExperimentAnalysisType], {
    description: 'Analyses of several experiments, to compare them: at most 20, each with a search.',
  })
  analyses(
    @Arg('experimentIds', () => [ID], { description: 'The experiments.' }) experimentIds: ExperimentId[],
    @Ctx() { deps, principal }: Context,
  ): Promise<readonly Analysis[]> {
    return compareAnalyses(deps, principal, experimentIds);
  }

  @Access('viewer')
  @FieldResolver(() => ExperimentAnalysisType, {
    nullable: true,
    description: 'What its trials say: ask for what is shown and nothing else. Null without a search.',
  })
  analysis(@Root() experiment: Experiment, @Ctx() { loaders }: Context): Promise<Analysis | null> {
    return loaders.analysis.load(experiment.id);
  }
}
