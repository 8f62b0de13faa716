import { Ctx, Query, Resolver } from 'type-graphql';
import { listPruners } from '../../service/search/list-pruners.js';
import { listSamplers, type MethodInfo } from '../../service/search/list-samplers.js';
import { Access } from '../access.js';
import type { Context } from '../context.js';
import { MethodInfoType } from './method-info.type.js';

@Resolver()
export class MethodResolver {
  @Access('viewer')
  @Query(() => [MethodInfoType], { description: 'The samplers that experiments may use.' })
  async samplers(@Ctx() { deps, principal }: Context): Promise<readonly MethodInfoType[]> {
    return (await listSamplers(deps, principal)).map(view);
  }

  @Access('viewer')
  @Query(() => [MethodInfoType], { description: 'The pruners that experiments may use.' })
  async pruners(@Ctx() { deps, principal }: Context): Promise<readonly MethodInfoType[]> {
    return (await listPruners(deps, principal)).map(view);
  }
}

function view({ options, ...method }: MethodInfo): MethodInfoType {
  return { ...method, options: options.map(viewOption) };
}

type Option = MethodInfo['options'][number];

function viewOption(option: Option): MethodInfoType['options'][number] {
  const { name, type, doc } = option;
  const isNumber = option.type === 'int' || option.type === 'float';
  return {
    ...{ name, type, doc, defaultValue: JSON.stringify(option.default) },
    min: isNumber ? (option.min ?? null) : null,
    max: isNumber ? (option.max ?? null) : null,
    choices: option.type === 'choice' ? option.choices : null,
  };
}
