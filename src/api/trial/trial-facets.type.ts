import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import type { TrialFacets } from '../../service/trial/facet-trials.js';
import type { TrialGroups } from '../../service/trial/group-trials.js';
import type {
  CompletionKind,
  FilterCompletion,
  FilterCompletions,
} from '../../service/trial-filter/complete-filter.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';

const TRIALS = 'Number of trials considered: the newest 50000 at most.';
const PARTIAL = 'Whether there are older trials that were not considered.';

type Facet = TrialFacets['facets'][number];
type Group = TrialGroups['groups'][number];

@Access('viewer')
@ObjectType('TrialFacetValue', { description: 'A value, and how many trials have it.', simpleResolvers: true })
export class TrialFacetValueType {
  @Field(() => Float64, { nullable: true, description: 'The value, when it is a number; null when it is a text.' })
  number!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The value, when it is a text; booleans are `true` and `false`. Null when it is a number.',
  })
  text!: string | null;

  @Field(() => Int, { description: 'Number of trials that have it.' })
  count!: number;
}

@Access('viewer')
@ObjectType('TrialFacet', { description: 'The values of one field.', simpleResolvers: true })
export class TrialFacetType implements Facet {
  @Field(() => String, { description: 'The field, as it was asked for.' })
  field!: string;

  @Field(() => Int, { description: 'Number of trials that have a value; of tags, number of tags.' })
  known!: number;

  @Field(() => Int, { description: 'Number of different values.' })
  distinct!: number;

  @Field(() => Float64, {
    nullable: true,
    description: 'The smallest finite number, of times seconds since the epoch; null when there is none.',
  })
  min!: number | null;

  @Field(() => Float64, {
    nullable: true,
    description: 'The largest finite number, of times seconds since the epoch; null when there is none.',
  })
  max!: number | null;

  @Field(() => [TrialFacetValueType], {
    description: 'The values, the most frequent first. Texts of more than 512 characters are left out.',
  })
  values!: TrialFacetValueType[];
}

@Access('viewer')
@ObjectType('TrialFacets', { description: 'Values to choose a filter from.', simpleResolvers: true })
export class TrialFacetsType implements TrialFacets {
  @Field(() => Int, { description: TRIALS })
  trials!: number;

  @Field(() => Boolean, { description: PARTIAL })
  isPartial!: boolean;

  @Field(() => [TrialFacetType], { description: 'One for each field, in their order.' })
  facets!: TrialFacetType[];
}

@Access('viewer')
@ObjectType('TrialGroupMetric', {
  description: 'One metric in a group: over its trials whose value is finite.',
  simpleResolvers: true,
})
export class TrialGroupMetricType {
  @Field(() => String, { description: 'Name of the metric.' })
  key!: string;

  @Field(() => Int, { description: 'Number of trials with a finite value.' })
  count!: number;

  @Field(() => Float64, { nullable: true, description: 'Their mean; null when a value is beyond 1e150.' })
  mean!: number | null;

  @Field(() => Float64, {
    nullable: true,
    description: 'Their standard deviation as of a sample; null below two, or when a value is beyond 1e150.',
  })
  std!: number | null;

  @Field(() => Float64, { nullable: true, description: 'The smallest of them.' })
  min!: number | null;

  @Field(() => Float64, { nullable: true, description: 'The largest of them.' })
  max!: number | null;
}

@Access('viewer')
@ObjectType('TrialGroup', {
  description: 'Trials that have the same values of some hyperparameters.',
  simpleResolvers: true,
})
export class TrialGroupType implements Group {
  @Field(() => GraphQLJSONObject, {
    description: 'The values by name; null where the trials have none. Booleans are the texts `true` and `false`.',
  })
  params!: Readonly<Record<string, number | string | null>>;

  @Field(() => Int, { description: 'Number of trials.' })
  count!: number;

  @Field(() => [TrialGroupMetricType], { description: 'Those of the metrics that some trial of the group has.' })
  metrics!: TrialGroupMetricType[];
}

@Access('viewer')
@ObjectType('TrialGroups', { description: 'Trials grouped by hyperparameters.', simpleResolvers: true })
export class TrialGroupsType implements TrialGroups {
  @Field(() => Int, { description: TRIALS })
  trials!: number;

  @Field(() => Boolean, { description: PARTIAL })
  isPartial!: boolean;

  @Field(() => Int, { description: 'Number of groups that there are.' })
  totalGroups!: number;

  @Field(() => [TrialGroupType], { description: 'The largest groups first.' })
  groups!: TrialGroupType[];
}

const CompletionKindEnum = defineEnum<CompletionKind>('CompletionKind', 'What a completion is.', {
  FIELD: 'A field, such as `metrics.loss.min`.',
  OPERATOR: 'An operator, such as `>=`.',
  VALUE: 'A value that trials have.',
  KEYWORD: 'A word or sign of the language.',
});

@Access('viewer')
@ObjectType('FilterCompletion', { description: 'Something that could be written.', simpleResolvers: true })
export class FilterCompletionType implements FilterCompletion {
  @Field(() => String, { description: 'The text to put in.' })
  text!: string;

  @Field(() => CompletionKindEnum, { description: 'What it is.' })
  kind!: CompletionKind;

  @Field(() => String, {
    nullable: true,
    description: 'What it is, in words; null where there is nothing to say.',
  })
  detail!: string | null;
}

@Access('viewer')
@ObjectType('FilterCompletions', { description: 'What could be written at a place.', simpleResolvers: true })
export class FilterCompletionsType implements FilterCompletions {
  @Field(() => Int, { description: 'Where the text begins that a completion replaces, in UTF-16 units.' })
  from!: number;

  @Field(() => Int, { description: 'Where it ends.' })
  to!: number;

  @Field(() => [FilterCompletionType], { description: 'At most 50.' })
  items!: FilterCompletionType[];
}
