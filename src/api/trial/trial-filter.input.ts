import { Field, Float, InputType, Int } from 'type-graphql';
import type { TrialState } from '../../domain/trial.js';
import { defineEnum } from '../enum.js';
import { TrialStateEnum } from './trial.enum.js';

export type Comparison = 'EQ' | 'NE' | 'LT' | 'LE' | 'GT' | 'GE';
export type MetricStat = 'LAST' | 'MIN' | 'MAX';
export type Direction = 'ASC' | 'DESC';
export type TrialOrderBy =
  | 'NUMBER'
  | 'STATE'
  | 'CREATED_AT'
  | 'DURATION'
  | 'VALUE'
  | 'PARAM'
  | 'METRIC_LAST'
  | 'METRIC_MIN'
  | 'METRIC_MAX';

/** The description of every argument that takes a filter in words. */
export const WHERE =
  'Which trials, in words: ``metrics.`val/acc`.max > 0.9 AND (params.layers = 4 OR tags HAS "base")``; holds beside `filter`. See docs/filters.md.';

export const ComparisonEnum = defineEnum<Comparison>('Comparison', 'How two values are compared.', {
  EQ: 'Equal.',
  NE: 'Not equal.',
  LT: 'Less than.',
  LE: 'Less than or equal.',
  GT: 'Greater than.',
  GE: 'Greater than or equal.',
});

export const MetricStatEnum = defineEnum<MetricStat>('MetricStat', 'A number that stands for a series.', {
  LAST: 'The last value.',
  MIN: 'The smallest finite value.',
  MAX: 'The largest finite value.',
});

export const DirectionEnum = defineEnum<Direction>('Direction', 'Direction of a sort.', {
  ASC: 'Smallest first.',
  DESC: 'Largest first.',
});

export const TrialOrderByEnum = defineEnum<TrialOrderBy>(
  'TrialOrderBy',
  'What trials are sorted by, ties by age in the same direction. Missing values and NaN come last in both directions, by number.',
  {
    NUMBER: 'Number in the experiment.',
    STATE: 'State, by name.',
    CREATED_AT: 'When it was created.',
    DURATION: 'How long it ran.',
    VALUE: 'Objective value.',
    PARAM: 'A hyperparameter: `key` names it.',
    METRIC_LAST: 'Last value of a metric: `key` names it.',
    METRIC_MIN: 'Smallest value of a metric: `key` names it.',
    METRIC_MAX: 'Largest value of a metric: `key` names it.',
  },
);

@InputType('ParamCondition', { description: 'A condition on a hyperparameter: give `number` or `text`.' })
export class ParamConditionType {
  @Field(() => String, { description: 'Name of the hyperparameter.' })
  name!: string;

  @Field(() => ComparisonEnum, { description: 'How it is compared.' })
  op!: Comparison;

  @Field(() => Float, { nullable: true, description: 'Number to compare with.' })
  number?: number | null;

  @Field(() => String, { nullable: true, description: 'Text to compare with; booleans are `true` and `false`.' })
  text?: string | null;
}

@InputType('MetricCondition', { description: 'A condition on a metric.' })
export class MetricConditionType {
  @Field(() => String, { description: 'Name of the metric.' })
  key!: string;

  @Field(() => MetricStatEnum, { description: 'Which number of the series is compared.' })
  stat!: MetricStat;

  @Field(() => ComparisonEnum, { description: 'How it is compared.' })
  op!: Comparison;

  @Field(() => Float, { description: 'Number to compare with.' })
  value!: number;
}

@InputType('TrialFilter', { description: 'Which trials to list: all conditions must hold.' })
export class TrialFilterType {
  @Field(() => [TrialStateEnum], { nullable: true, description: 'Only trials in one of these states.' })
  states?: TrialState[] | null;

  @Field(() => [Int], { nullable: true, description: 'Only trials with one of these numbers.' })
  numbers?: number[] | null;

  @Field(() => [String], { nullable: true, description: 'Only trials with all of these tags.' })
  tags?: string[] | null;

  @Field(() => [ParamConditionType], { nullable: true, description: 'Conditions on hyperparameters.' })
  params?: ParamConditionType[] | null;

  @Field(() => [MetricConditionType], { nullable: true, description: 'Conditions on metrics.' })
  metrics?: MetricConditionType[] | null;
}

@InputType('TrialOrder', { description: 'How trials are sorted.' })
export class TrialOrderType {
  @Field(() => TrialOrderByEnum, { description: 'What they are sorted by.' })
  by!: TrialOrderBy;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the hyperparameter or metric, where `by` asks for one.',
  })
  key?: string | null;

  @Field(() => DirectionEnum, { defaultValue: 'ASC', description: 'Direction of the sort.' })
  direction!: Direction;
}
