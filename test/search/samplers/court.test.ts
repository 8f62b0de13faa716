import { samplers } from '../../../src/search/samplers/index.js';
import { type CourtOrder, samplerCourt } from '../../contract/sampler.js';

const ORDERS: Readonly<Record<string, CourtOrder>> = {
  tpe: { constrained: 4_000, beatsRandom: { trials: 60, share: 0.6 } },
};

for (const [kind, definition] of Object.entries(samplers)) samplerCourt(definition, ORDERS[kind]);
