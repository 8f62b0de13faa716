/** What a form needs to let a person choose a sampler. */
import type { Principal } from '../../domain/roles.js';
import type { Option } from '../../search/options.js';
import { samplers } from '../../search/samplers/index.js';
import type { Deps } from '../deps.js';

/** A sampler or pruner of the register. */
export interface MethodInfo {
  readonly kind: string;
  /** One sentence. */
  readonly summary: string;
  readonly options: readonly Option[];
}

/** The samplers that experiments may name. Public to everybody who is logged in. */
export async function listSamplers(_deps: Deps, _principal: Principal): Promise<readonly MethodInfo[]> {
  return Object.values(samplers).map(({ kind, summary, options }) => ({ kind, summary, options }));
}
