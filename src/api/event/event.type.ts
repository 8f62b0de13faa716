import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { Event, EventKind } from '../../domain/event.js';
import type { EventId, ExperimentId, ProjectId, TrainingJobId, TrialId } from '../../domain/ids.js';
import { Access } from '../access.js';
import { connectionType } from '../connection.js';
import { defineEnum } from '../enum.js';

export const EventKindEnum = defineEnum<EventKind>('EventKind', 'What happened.', {
  EXPERIMENT_CREATED: 'An experiment was created.',
  EXPERIMENT_PAUSED: 'An experiment was paused: no new trials are started.',
  EXPERIMENT_RESUMED: 'An experiment that was paused or had ended goes on.',
  EXPERIMENT_COMPLETED: 'The budget is spent or the space is exhausted.',
  EXPERIMENT_STOPPED: 'A person ended the experiment, or its trials kept failing alike.',
  TRIAL_CREATED: 'A trial was created.',
  TRIAL_STARTED: 'An attempt of a trial started.',
  TRIAL_ENDED: 'A trial ended.',
  TRIAL_STOP_REQUESTED: 'A running trial was asked to stop.',
  TRIAL_REQUEUED: 'A trial waits for another attempt.',
  TRIAL_BEST: 'A trial is the best of its experiment so far.',
  TRIAL_PAUSE_REQUESTED: 'A running trial was asked to save its checkpoint and end for now.',
  TRIAL_PAUSED: 'A trial waits at a rung with its checkpoint.',
  TRIAL_RESUMED: 'A trial that was paused goes on.',
  TRIAL_EXPLOITED: 'A running trial was asked to stop, to make room for a copy of a better one.',
  TRIAL_OFFSPRING: 'A trial starts from the checkpoint of another.',
  JOB_QUEUED: 'A training job waits for a runner.',
  JOB_LEASED: 'A runner took a training job.',
  JOB_STARTED: 'The command of a training job runs.',
  JOB_ENDED: 'A training job ended.',
  JOB_LOST: 'The runner of a training job was not heard from; its lease was reclaimed.',
  SAMPLER_FALLBACK: 'A sampler failed or was too slow; a random proposal took its place.',
  SEARCH_REVISED: 'Space or budget of a search changed.',
  TRIALS_ADOPTED: 'A search was given trials of other experiments to learn from.',
});

@Access('viewer')
@ObjectType('Event', { description: 'Something that happened, kept for people to read.', simpleResolvers: true })
export class EventType implements Event {
  @Field(() => ID, { description: 'Identifier.' })
  id!: EventId;

  @Field(() => ID, { description: 'The project it happened in.' })
  projectId!: ProjectId;

  @Field(() => ID, { nullable: true, description: 'The experiment concerned, if any.' })
  experimentId!: ExperimentId | null;

  @Field(() => ID, { nullable: true, description: 'The trial concerned, if any.' })
  trialId!: TrialId | null;

  @Field(() => ID, { nullable: true, description: 'The training job concerned, if any.' })
  jobId!: TrainingJobId | null;

  @Field(() => EventKindEnum, { description: 'What happened.' })
  kind!: EventKind;

  @Field(() => String, { description: 'What happened, in a sentence.' })
  message!: string;

  @Field(() => GraphQLJSONObject, { description: 'Facts for programs; their names depend on the kind.' })
  data!: Readonly<Record<string, unknown>>;

  @Field(() => Date, { description: 'When it happened.' })
  at!: Date;
}

export const EventConnection = connectionType<Event>('Event', 'events', () => EventType, ['viewer']);
