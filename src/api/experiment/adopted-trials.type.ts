import { Field, Int, ObjectType } from 'type-graphql';
import type { Experiment } from '../../domain/experiment.js';
import type { AdoptedTrials } from '../../service/experiment/adopt-trials.js';
import { Access } from '../access.js';
import { ExperimentType } from './experiment.type.js';

@Access('viewer')
@ObjectType('AdoptedTrials', { description: 'What a search has learnt from.', simpleResolvers: true })
export class AdoptedTrialsType implements AdoptedTrials {
  @Field(() => ExperimentType, { description: 'The experiment, with them.' })
  experiment!: Experiment;

  @Field(() => Int, { description: 'Number of trials that it knows now and did not before.' })
  adopted!: number;

  @Field(() => [String], { description: 'Those of them that are outside its models, by path.' })
  outside!: readonly string[];
}
