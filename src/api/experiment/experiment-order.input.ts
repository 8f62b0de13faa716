import { Field, InputType } from 'type-graphql';
import { defineEnum } from '../enum.js';
import { type Direction, DirectionEnum } from '../trial/trial-filter.input.js';

export type ExperimentOrderBy = 'CREATED_AT' | 'NAME' | 'STATE';

export const ExperimentOrderByEnum = defineEnum<ExperimentOrderBy>(
  'ExperimentOrderBy',
  'What experiments are sorted by. Ties are sorted by when they were created, in the same direction.',
  {
    CREATED_AT: 'When it was created.',
    NAME: 'Name.',
    STATE: 'State, by name.',
  },
);

@InputType('ExperimentOrder', { description: 'How experiments are sorted.' })
export class ExperimentOrderType {
  @Field(() => ExperimentOrderByEnum, { description: 'What they are sorted by.' })
  by!: ExperimentOrderBy;

  @Field(() => DirectionEnum, { defaultValue: 'ASC', description: 'Direction of the sort.' })
  direction!: Direction;
}
