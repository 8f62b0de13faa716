import { Field, Float, ObjectType } from 'type-graphql';
import type { MethodInfo } from '../../service/search/list-samplers.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';

export const ObjectivesEnum = defineEnum<NonNullable<MethodInfo['objectives']>>(
  'Objectives',
  'How many objectives a sampler can serve.',
  { one: 'One.', any: 'One or several.' },
);

@Access('viewer')
@ObjectType('MethodOption', {
  description: 'An option of a sampler or pruner: enough to draw a form.',
  simpleResolvers: true,
})
export class MethodOptionType {
  @Field(() => String, { description: 'Name of the option.' })
  name!: string;

  @Field(() => String, { description: 'Type of its value: `int`, `float`, `boolean` or `choice`.' })
  type!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Value when it is not given, as JSON text; null when it depends on the experiment.',
  })
  defaultValue!: string | null;

  @Field(() => String, { description: 'What it does, in a sentence.' })
  doc!: string;

  @Field(() => Float, { nullable: true, description: 'Smallest value; null when there is none.' })
  min!: number | null;

  @Field(() => Float, { nullable: true, description: 'Largest value; null when there is none.' })
  max!: number | null;

  @Field(() => [String], { nullable: true, description: 'The values to choose from; null when it is not a choice.' })
  choices!: readonly string[] | null;
}

@Access('viewer')
@ObjectType('MethodInfo', { description: 'A sampler or pruner that an experiment may use.', simpleResolvers: true })
export class MethodInfoType {
  @Field(() => String, { description: 'Name to give as `kind` in a search.' })
  kind!: string;

  @Field(() => String, { description: 'What it does, in a sentence.' })
  summary!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where it comes from: author, year and place of publication; null when it needs no source.',
  })
  source!: string | null;

  @Field(() => ObjectivesEnum, {
    nullable: true,
    description: 'How many objectives it can serve; null of a pruner, which watches one.',
  })
  objectives!: MethodInfo['objectives'];

  @Field(() => String, {
    nullable: true,
    description: 'Name of the file that the server loaded it from; null of what comes with the product.',
  })
  origin!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Hash of the content of that file; null of what comes with the product.',
  })
  version!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether trials must save checkpoints: it pauses them and goes on from there, or goes on with copies of the best.',
  })
  needsCheckpoints!: boolean;

  @Field(() => [MethodOptionType], { description: 'Its options.' })
  options!: readonly MethodOptionType[];
}
