import { samplers } from '../../../src/search/samplers/index.js';
import { type CourtOrder, samplerCourt } from '../../contract/sampler.js';

const ORDERS: Readonly<Record<string, CourtOrder>> = {
  auto: { constrained: 200, beatsRandom: { trials: 30, share: 0.6 } },
  gp: { constrained: 200, beatsRandom: { trials: 30, share: 0.6 } },
  turbo: { constrained: 200, beatsRandom: { trials: 30, share: 0.6 } },
  bayes_opt_search: { options: { num_samples: 100_000 }, constrained: 200 },
  bohb: { constrained: 2_000 },
  mfgp: { constrained: 200 },
  cma: { constrained: 2_000 },
  nsga2: { constrained: 2_000 },
  anneal: { beatsRandom: { trials: 60, share: 0.3 } },
  tpe: { constrained: 4_000, beatsRandom: { trials: 60, share: 0.6 } },
  // Their own budget is spent after 20 trials; all of these are random ones of tpe_search, unless it is told otherwise.
  tpe_search: {
    options: { num_samples: 100_000, n_initial_points: 5 },
    constrained: 1_000,
    beatsRandom: { trials: 40, share: 0.6 },
  },
  anneal_search: { options: { num_samples: 100_000 }, constrained: 1_000, beatsRandom: { trials: 20, share: 0.8 } },
};

for (const [kind, definition] of Object.entries(samplers)) samplerCourt(definition, ORDERS[kind]);
