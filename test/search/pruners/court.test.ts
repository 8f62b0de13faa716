import { pruners } from '../../../src/search/pruners/index.js';
import { prunerCourt } from '../../contract/pruner.js';

for (const definition of Object.values(pruners)) prunerCourt(definition);
