import { samplers } from '../../../src/search/samplers/index.js';
import { samplerCourt } from '../../contract/sampler.js';

for (const definition of Object.values(samplers)) samplerCourt(definition);
