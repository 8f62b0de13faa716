/** The arguments that analyses share. */
import { ArgsType, Field, Int } from 'type-graphql';
import type { ImportanceMethod } from '../../service/analysis/importance-of.js';
import { OBJECTIVE } from './analysis.type.js';
import { ImportanceMethodEnum } from './parameters.type.js';
import { type FailureKind, FailureKindEnum } from './tables.type.js';

@ArgsType()
export class ObjectiveArgs {
  @Field(() => Int, { defaultValue: 0, description: OBJECTIVE })
  objective!: number;
}

@ArgsType()
export class ImportanceArgs {
  @Field(() => ImportanceMethodEnum, { defaultValue: 'PED_ANOVA', description: 'How to measure it.' })
  method!: ImportanceMethod;

  @Field(() => Int, {
    nullable: true,
    description:
      'Index of the objective, from 0. Unset: the only one; of several all together, or for FANOVA the first.',
  })
  objective?: number | null;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'How many of the most important parameters FANOVA looks at in pairs, 0 to 10.',
  })
  pairs!: number;
}

@ArgsType()
export class SliceArgs extends ObjectiveArgs {
  @Field(() => String, { description: 'Name of the parameter.' })
  parameter!: string;
}

@ArgsType()
export class ContourArgs extends ObjectiveArgs {
  @Field(() => String, { description: 'Name of the first parameter.' })
  x!: string;

  @Field(() => String, { description: 'Name of the second parameter.' })
  y!: string;
}

@ArgsType()
export class RankArgs extends ObjectiveArgs {
  @Field(() => [String], { description: 'Names of parameters, at most 50.' })
  parameters!: string[];
}

@ArgsType()
export class TableArgs extends ObjectiveArgs {
  @Field(() => Int, { defaultValue: 50, description: 'How many rows, 1 to 200.' })
  first!: number;
}

@ArgsType()
export class CurvesArgs {
  @Field(() => Int, { defaultValue: 50, description: 'How many trials, 1 to 200: the newest.' })
  first!: number;

  @Field(() => Int, {
    defaultValue: 200,
    description: 'Most points of each, 2 to 2000: of a longer curve the first, the last, and others evenly between.',
  })
  points!: number;
}

@ArgsType()
export class FailureArgs {
  @Field(() => FailureKindEnum, { nullable: true, description: 'Only failures of this kind. Unset: of any.' })
  kind?: FailureKind | null;
}

@ArgsType()
export class StoppingArgs {
  @Field(() => Int, { defaultValue: 30, description: 'Trials without improvement after which to stop, 1 to 10000.' })
  patience!: number;

  @Field(() => Int, { defaultValue: 10, description: 'Trials ahead whose gain is expected, 1 to 10000.' })
  ahead!: number;
}
