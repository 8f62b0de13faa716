import { Field, InputType } from 'type-graphql';
import type { ExperimentState } from '../../domain/experiment.js';
import { ExperimentStateEnum } from './experiment.type.js';

@InputType('ExperimentFilter', { description: 'Which experiments to list: all conditions must hold.' })
export class ExperimentFilterType {
  @Field(() => [ExperimentStateEnum], { nullable: true, description: 'Only experiments in one of these states.' })
  states?: ExperimentState[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only experiments whose name contains this text; case does not matter.',
  })
  search?: string | null;
}
