import type { Role } from '../../domain/roles.js';
import { defineEnum } from '../enum.js';

export const RoleEnum = defineEnum<Role>(
  'Role',
  'What a person or key may do; each role includes the ones before it.',
  {
    viewer: 'May read.',
    writer: 'May also record: create experiments and trials, report metrics, register datasets.',
    submitter: 'May also run commands on runners. Never implied by writing.',
    admin: 'May also manage pools, keys and users.',
  },
);
