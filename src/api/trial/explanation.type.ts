import { Field, ObjectType } from 'type-graphql';
import type { TrialExplanation } from '../../domain/trial.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';

export const ProposalPhaseEnum = defineEnum<TrialExplanation['phase']>('ProposalPhase', 'How a proposal came about.', {
  DEFAULT: 'The default configuration of the space.',
  STARTUP: 'Before the model speaks.',
  LISTED: 'The next of a fixed sequence.',
  RANDOM: 'Drawn without a model.',
  EXPLORE: 'The model wants to know more.',
  EXPLOIT: 'The model expects a good value.',
});

@Access('viewer', 'trial')
@ObjectType('Explanation', {
  description: 'Why a trial was proposed, as its sampler said then.',
  simpleResolvers: true,
})
export class ExplanationType implements TrialExplanation {
  @Field(() => ProposalPhaseEnum, { description: 'How the proposal came about.' })
  phase!: TrialExplanation['phase'];

  @Field(() => String, { nullable: true, description: 'Why, in a sentence; null when the phase says it all.' })
  reason?: string;

  @Field(() => Float64, {
    nullable: true,
    description: 'The objective as the model expected it, in its own unit; null without a model.',
  })
  mean?: number;

  @Field(() => Float64, { nullable: true, description: 'Standard deviation of `mean`; null without a model.' })
  deviation?: number;

  @Field(() => Float64, {
    nullable: true,
    description: 'What the sampler maximised, in a scale of its own; null without a model.',
  })
  acquisition?: number;

  @Field(() => String, {
    description:
      'Version of the search engine, and of a sampler of the operator’s own: proposals can be replayed with the same ones.',
  })
  engine!: string;
}
