import { PlatformError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment.js';
import { type ExperimentId, isId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { findExperimentByName } from '../../store/queries/experiment.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { loadExperiments } from './load-experiments.js';

export interface FindExperimentInput {
  /** Exactly one of the two. */
  readonly id?: string | null;
  /** `project/experiment`; the experiment's name may hold slashes. */
  readonly path?: string | null;
}

/** The experiment, null when it does not exist or is not visible. @throws INPUT_INVALID unless given an id or a path. */
export async function findExperiment(
  deps: Deps,
  principal: Principal,
  input: FindExperimentInput,
): Promise<Experiment | null> {
  const { id = null, path = null } = input;
  if ((id === null) === (path === null))
    throw new PlatformError('INPUT_INVALID', 'give the id or the path of an experiment, not both');
  if (id !== null) return isId(id) ? ((await loadExperiments(deps, principal, [id as ExperimentId]))[0] ?? null) : null;
  const text = String(path).normalize('NFC');
  const slash = text.indexOf('/');
  if (slash < 0) throw new PlatformError('INPUT_INVALID', 'the path of an experiment is project/experiment');
  return findExperimentByName(deps.database.read, scopeOf(principal), text.slice(0, slash), text.slice(slash + 1));
}
