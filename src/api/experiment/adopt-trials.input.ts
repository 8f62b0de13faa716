import { Field, ID, InputType } from 'type-graphql';
import type { ExperimentId } from '../../domain/ids.js';
import type { Misfits } from '../../service/experiment/adopt-trials.js';
import { defineEnum } from '../enum.js';
import { REQUEST_ID } from '../request-id.js';

const MisfitsEnum = defineEnum<Misfits>('Misfits', 'What becomes of trials that are not legal in a search space.', {
  refuse: 'They are named in an error, and nothing is adopted.',
  keep: 'They are known, and outside the models until a revision of the space takes them.',
});

@InputType('AdoptTrialsInput', { description: 'Trials of other experiments for a search to learn from.' })
export class AdoptTrialsInputType {
  @Field(() => ID, { description: 'The experiment whose search shall learn.' })
  experimentId!: ExperimentId;

  @Field(() => [String], {
    nullable: true,
    description: 'Single trials, by path `project/experiment/number` or identifier.',
  })
  trials?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Experiments, by path `project/experiment` or identifier: all their ended trials.',
  })
  experiments?: string[] | null;

  @Field(() => MisfitsEnum, {
    nullable: true,
    description: 'What becomes of those that are not legal in the search space. Unset: REFUSE.',
  })
  misfits?: Misfits | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether hyperparameters that the space has not are left out, instead of making a misfit.',
  })
  ignoreUnknown!: boolean;

  @Field(() => String, { nullable: true, description: REQUEST_ID })
  clientRequestId?: string | null;
}
