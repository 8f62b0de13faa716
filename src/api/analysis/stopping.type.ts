import { Field, Int, ObjectType } from 'type-graphql';
import type { Basis } from '../../service/analysis/basis.js';
import type { AnalysisAnswer } from '../../service/analysis/questions.js';
import { Access } from '../access.js';
import { defineEnum } from '../enum.js';
import { Float64 } from '../scalars/float64.js';
import { AnalysisBasisType, BASIS } from './analysis.type.js';

type Advice = AnalysisAnswer<'stoppingAdvice'>;
type Rule = Advice['rules'][number];
type Remaining = NonNullable<Advice['remaining']>;

const StoppingRuleKindEnum = defineEnum<Rule['kind']>('StoppingRuleKind', 'What a rule about stopping looks at.', {
  stagnation: 'Trials that ended since the last improvement; of several objectives, since the front grew.',
  gain: 'What the next trials are expected to gain, in the unit of the objective, against what was gained so far.',
  worth: 'What they are expected to gain per hour of training, against what was gained per hour so far.',
});

@Access('viewer')
@ObjectType('StoppingRule', { description: 'What one rule says about stopping.', simpleResolvers: true })
export class StoppingRuleType implements Rule {
  @Field(() => StoppingRuleKindEnum, { description: 'What it looks at.' })
  kind!: Rule['kind'];

  @Field(() => Float64, { description: 'What it found.' })
  value!: number;

  @Field(() => Float64, {
    description: 'Stop from there: at or above it for STAGNATION, at or below it for the others.',
  })
  threshold!: number;

  @Field(() => Boolean, { description: 'Whether it says to stop.' })
  shouldStop!: boolean;

  @Field(() => String, { description: 'Why, in a sentence.' })
  reason!: string;
}

@Access('viewer')
@ObjectType('RemainingGain', {
  description: 'What the rest of a budget may be expected to bring.',
  simpleResolvers: true,
})
export class RemainingGainType implements Remaining {
  @Field(() => Int, { description: 'Trials that the budget still allows.' })
  trials!: number;

  @Field(() => Float64, {
    description:
      'What they are expected to improve on the best value, in the unit of the objective, when they are like the last thirty.',
  })
  gain!: number;
}

@Access('viewer')
@ObjectType('StoppingAdvice', {
  description: 'Whether going on is still worth it: advice with its numbers. Nothing acts on it.',
  simpleResolvers: true,
})
export class StoppingAdviceType implements Advice {
  @Field(() => AnalysisBasisType, { description: BASIS })
  basis!: Basis;

  @Field(() => Boolean, { description: 'Whether every rule that could speak says to stop; false while none can.' })
  shouldStop!: boolean;

  @Field(() => [StoppingRuleType], { description: 'The rules that could speak: none before ten trials have ended.' })
  rules!: Rule[];

  @Field(() => RemainingGainType, {
    nullable: true,
    description: 'What the rest of the budget may bring; null without a budget of trials, and while nobody can tell.',
  })
  remaining!: Remaining | null;
}
