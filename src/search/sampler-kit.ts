/**
 * What authors of samplers of their own are given: `import { defineSampler } from 'trialgraph/sampler'`, or the argument of
 * the function that their file exports. A door of the package: names here change with its version only.
 */
export type { History, HistoryTrial } from './history.js';
export type { Rng } from './math/rng.js';
export type { Option } from './options.js';
export type { Explanation, Phase, Suggested } from './samplers/proposal.js';
export { defineSampler, type SamplerDefinition } from './samplers/sampler.js';
export { drawUniform } from './samplers/uniform.js';
export { drawUnseen, type Spent, spentPoints } from './samplers/unseen.js';
export { isFeasible } from './space/constraint.js';
export { defaultParams } from './space/default-params.js';
export { drawOrder } from './space/draw-order.js';
export type { Params, SearchSpace } from './space/parameter.js';
export { fromPoint, toPoint } from './space/point.js';
export { standingOf } from './standing.js';
