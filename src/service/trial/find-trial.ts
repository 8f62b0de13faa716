import { PlatformError } from '../../domain/errors.js';
import { isId, type TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { findTrialByPath } from '../../store/queries/trial.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { loadTrials } from './load-trials.js';

export interface FindTrialInput {
  /** Exactly one of the two. */
  readonly id?: string | null;
  /** `project/experiment/number`; the experiment's name may hold slashes. */
  readonly path?: string | null;
}

const PATH = /^([^/]+)\/(.+)\/(\d{1,9})$/s;

/** The trial, null when it does not exist or is not visible. @throws INPUT_INVALID unless given an id or a path. */
export async function findTrial(deps: Deps, principal: Principal, input: FindTrialInput): Promise<Trial | null> {
  const { id = null, path = null } = input;
  if ((id === null) === (path === null))
    throw new PlatformError('INPUT_INVALID', 'give the id or the path of a trial, not both');
  if (id !== null) return isId(id) ? ((await loadTrials(deps, principal, [id as TrialId]))[0] ?? null) : null;
  return findTrialByPath(deps.database.read, scopeOf(principal), splitTrialPath(String(path)));
}

/** The parts of `project/experiment/number`. @throws INPUT_INVALID. */
export function splitTrialPath(path: string): {
  readonly project: string;
  readonly experiment: string;
  readonly number: number;
} {
  const [, project, experiment, number] = PATH.exec(path.normalize('NFC')) ?? [];
  if (project === undefined || experiment === undefined)
    throw new PlatformError('INPUT_INVALID', 'the path of a trial is project/experiment/number');
  return { project, experiment, number: Number(number) };
}
