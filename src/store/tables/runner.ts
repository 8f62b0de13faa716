import { EntitySchema } from 'typeorm';
import type { ApiKeyId } from '../../domain/ids.js';
import type { Runner } from '../../domain/runner.js';
import { id, integer, json, text, time, truth, uuid } from './columns.js';

/** A runner with the key it registered under. */
export interface RunnerRow extends Runner {
  readonly keyId: ApiKeyId;
}

export const runnerTable = new EntitySchema<RunnerRow>({
  name: 'runner',
  columns: {
    id: id(),
    organizationId: uuid('organization_id'),
    poolId: uuid('pool_id'),
    keyId: uuid('key_id'),
    name: text('name'),
    host: text('host'),
    slots: integer('slots'),
    gpus: json('gpus'),
    bootId: text('boot_id'),
    draining: truth('draining'),
    registeredAt: time('registered_at'),
    contactAt: time('contact_at'),
  },
});
