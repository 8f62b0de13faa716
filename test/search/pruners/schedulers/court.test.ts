import { schedulers } from '../../../../src/search/pruners/schedulers/index.js';
import { prunerCourt } from '../../../contract/pruner.js';
import { schedulerCourt } from '../../../contract/scheduler.js';

for (const definition of Object.values(schedulers)) {
  // Three reports may be below the first mark, or in a patient bracket.
  prunerCourt(definition, { pauses: true, passesNaN: true });
  schedulerCourt(definition);
}
