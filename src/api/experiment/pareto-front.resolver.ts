import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Experiment } from '../../domain/experiment.js';
import type { Trial } from '../../domain/trial.js';
import type { ParetoFront } from '../../service/experiment/load-pareto-fronts.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { Float64 } from '../scalars/float64.js';
import { TrialConnection } from '../trial/trial.type.js';
import { ExperimentType } from './experiment.type.js';
import { ParetoFrontType } from './pareto-front.type.js';

/** What it takes to compute, in objects of an answer: a volume of many objectives may take seconds. */
const DEAR = 200;

@Resolver(() => ExperimentType)
export class ParetoFrontResolver {
  @Access('viewer')
  @FieldResolver(() => ParetoFrontType, {
    nullable: true,
    complexity: DEAR,
    description: 'What its search found with several objectives; null with one, and without a search.',
  })
  paretoFront(
    @Root() experiment: Experiment,
    @Arg('reference', () => [Float64], {
      nullable: true,
      description:
        'Up to where volumes are measured, one number per objective in its unit. Unset: a tenth beyond the worst of the front.',
    })
    reference: number[] | null | undefined,
    @Ctx() { loaders }: Context,
  ): Promise<ParetoFront | null> {
    return loaders.paretoFront(reference ?? null).load(experiment.id);
  }

  @Access('viewer')
  @FieldResolver(() => TrialConnection, {
    description:
      'Its best trials by number: with several objectives those of the Pareto front, else the best one, if there is one.',
  })
  async bestTrials(
    @Root() experiment: Experiment,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { loaders }: Context,
  ): Promise<Connection<Trial>> {
    return connectionOf(await loaders.bestTrialPage(page).load(experiment.id));
  }
}
