import { Field, ObjectType } from 'type-graphql';
import type { Event } from '../../domain/event.js';
import type { Experiment } from '../../domain/experiment.js';
import type { TrainingJob } from '../../domain/training-job.js';
import type { Trial } from '../../domain/trial.js';
import { Access } from '../access.js';
import { EventType } from '../event/event.type.js';
import { TrainingJobType } from '../job/training-job.type.js';
import { TrialType } from '../trial/trial.type.js';
import { ExperimentType } from './experiment.type.js';

@Access('viewer')
@ObjectType('ExperimentDelta', {
  description: 'What changed in an experiment since a cursor, as it stands now, each thing once.',
  simpleResolvers: true,
})
export class ExperimentDeltaType {
  @Field(() => String, {
    description: 'Position after these changes: subscribe again with it after a lost connection.',
  })
  cursor!: string;

  @Field(() => ExperimentType, { description: 'The experiment as it stands.' })
  experiment!: Experiment;

  @Field(() => [TrialType], {
    description: 'Trials that changed. Empty in the first delta of a subscription without a cursor.',
  })
  trials!: readonly Trial[];

  @Field(() => [TrainingJobType], { description: 'Training jobs that changed.' })
  jobs!: readonly TrainingJob[];

  @Field(() => [EventType], { description: 'Events that happened, oldest first.' })
  events!: readonly Event[];

  @Field(() => TrialType, { nullable: true, description: 'The best trial as it stands; null when there is none.' })
  bestTrial!: Trial | null;
}
