import { Field, Float, ObjectType } from 'type-graphql';
import { Access } from '../access.js';

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

  @Field(() => [MethodOptionType], { description: 'Its options.' })
  options!: readonly MethodOptionType[];
}
