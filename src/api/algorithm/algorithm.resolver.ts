import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Algorithm, AlgorithmVersion } from '../../domain/algorithm.js';
import type { AlgorithmId, ProjectId } from '../../domain/ids.js';
import { findAlgorithm } from '../../service/algorithm/find-algorithm.js';
import { listAlgorithms } from '../../service/algorithm/list-algorithms.js';
import { registerAlgorithm } from '../../service/algorithm/register-algorithm.js';
import { Access } from '../access.js';
import { type Connection, connectionOf, PageArgs } from '../connection.js';
import type { Context } from '../context.js';
import { there } from '../loaders.js';
import { AlgorithmConnection, AlgorithmType, AlgorithmVersionType } from './algorithm.type.js';
import { RegisterAlgorithmInputType } from './register-algorithm.input.js';

@ArgsType()
class AlgorithmsArgs extends PageArgs {
  @Field(() => ID, { description: 'The project.' })
  projectId!: ProjectId;
}

@Resolver(() => AlgorithmType)
export class AlgorithmResolver {
  @Access('viewer')
  @Query(() => AlgorithmConnection, { description: 'The algorithms of a project.' })
  async algorithms(
    @Args(() => AlgorithmsArgs) args: AlgorithmsArgs,
    @Ctx() { deps, principal }: Context,
  ): Promise<Connection<Algorithm>> {
    return connectionOf(await listAlgorithms(deps, principal, args));
  }

  @Access('viewer')
  @Query(() => AlgorithmType, {
    nullable: true,
    description: 'One algorithm; null when there is none that you can see.',
  })
  algorithm(
    @Arg('id', () => ID, { description: 'Its identifier.' }) id: AlgorithmId,
    @Ctx() { deps, principal }: Context,
  ): Promise<Algorithm | null> {
    return findAlgorithm(deps, principal, { id });
  }

  @Access('writer')
  @Mutation(() => AlgorithmVersionType, {
    description: 'Registers training code, or returns the newest version when it is the same.',
  })
  registerAlgorithm(
    @Arg('input', () => RegisterAlgorithmInputType, { description: 'The code.' }) input: RegisterAlgorithmInputType,
    @Ctx() { deps, principal }: Context,
  ): Promise<AlgorithmVersion> {
    return registerAlgorithm(deps, principal, input);
  }

  @FieldResolver(() => [AlgorithmVersionType], { description: 'Its versions, newest first.' })
  versions(@Root() algorithm: Algorithm, @Ctx() { loaders }: Context): Promise<readonly AlgorithmVersion[]> {
    return loaders.algorithmVersions.load(algorithm.id);
  }
}

@Resolver(() => AlgorithmVersionType)
export class AlgorithmVersionResolver {
  @FieldResolver(() => AlgorithmType, { description: 'The algorithm that this is a version of.' })
  async algorithm(@Root() version: AlgorithmVersion, @Ctx() { loaders }: Context): Promise<Algorithm> {
    return there(await loaders.algorithm.load(version.algorithmId), 'algorithm');
  }
}
