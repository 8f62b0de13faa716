/** What a form needs to let a person choose a pruner. */
import type { Principal } from '../../domain/roles.js';
import { isScheduler } from '../../search/judge.js';
import { pruners } from '../../search/pruners/index.js';
import { schedulers } from '../../search/pruners/schedulers/index.js';
import type { Deps } from '../deps.js';
import type { MethodInfo } from './list-samplers.js';

/** The pruners and schedulers that experiments may name. Public to everybody who is logged in. */
export async function listPruners(_deps: Deps, _principal: Principal): Promise<readonly MethodInfo[]> {
  const all = [...Object.values(pruners), ...Object.values(schedulers)];
  return all.map(({ kind, summary, source = null, options }) => ({
    kind,
    summary,
    source,
    objectives: null,
    options,
    origin: null,
    version: null,
    needsCheckpoints: isScheduler(kind),
  }));
}
