import { EntitySchema } from 'typeorm';
import type { Event } from '../../domain/event.js';
import { id, json, nullable, text, time, uuid } from './columns.js';

export const eventTable = new EntitySchema<Event>({
  name: 'event',
  columns: {
    id: id(),
    projectId: uuid('project_id'),
    experimentId: uuid('experiment_id', nullable),
    trialId: uuid('trial_id', nullable),
    jobId: uuid('job_id', nullable),
    kind: text('kind'),
    message: text('message'),
    data: json('data'),
    at: time('at'),
  },
});
