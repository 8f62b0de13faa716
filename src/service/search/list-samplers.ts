/** What a form needs to let a person choose a sampler. */
import type { Principal } from '../../domain/roles.js';
import type { Option } from '../../search/options.js';
import type { Deps } from '../deps.js';
import { registerOf } from './register.js';

/** A sampler, pruner or scheduler of the register. */
export interface MethodInfo {
  readonly kind: string;
  /** One sentence. */
  readonly summary: string;
  /** Author, year and place of publication, where it has any. */
  readonly source: string | null;
  /** How many objectives a sampler can serve; null of a pruner, which watches one. */
  readonly objectives: 'one' | 'any' | null;
  readonly options: readonly Option[];
  /** Whether trials must save checkpoints: it pauses them and goes on from there, or copies them. */
  readonly needsCheckpoints: boolean;
  /** Name of the file that the server loaded it from; null of what comes with the product. */
  readonly origin: string | null;
  /** Hash of that file's content. */
  readonly version: string | null;
}

/** The samplers that experiments may name. Public to everybody who is logged in. */
export async function listSamplers({ proposer }: Deps, _principal: Principal): Promise<readonly MethodInfo[]> {
  return Object.values(registerOf(proposer)).map(({ kind, summary, source = null, objectives, options }) => {
    const own = proposer.own?.find((one) => one.kind === kind);
    const from = { origin: own?.origin ?? null, version: own?.version ?? null };
    return { kind, summary, source, objectives, options, needsCheckpoints: false, ...from };
  });
}
