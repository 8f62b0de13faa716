/** Searches whose trials a program enqueues: nothing here proposes, and whoever asks gets what was enqueued, or is told to wait. */
import { defineSampler } from '../../search/samplers/sampler.js';

export const EXTERNAL = 'external';

/** Its row in what experiments may name. It is no method: the search room does not know it. */
export const external = defineSampler({
  kind: EXTERNAL,
  summary: 'Proposes nothing: a program of yours enqueues the trials through the API, and is told their values.',
  options: [],
  objectives: 'any',
  suggestOne: () => null,
});
