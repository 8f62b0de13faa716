/** Gives a new search the trials of other experiments to begin with. Internal: in the transaction that makes it. */
import { PlatformError } from '../../domain/errors.js';
import type { Search } from '../../domain/experiment.js';
import { type ExperimentId, isId, type ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { completeParams } from '../../search/space/default-params.js';
import { parseSpace } from '../../search/space/parse-space.js';
import type { Sql } from '../../store/database.js';
import { findExperimentByName, findExperiments } from '../../store/queries/experiment.js';
import { copyWarmTrials, countWarmCandidates, listWarmTrials, setWarmTrials } from '../../store/queries/warm-trial.js';
import { scopeOf } from '../authorize.js';

const MOST_EXPERIMENTS = 20;
export const MOST_WARM_TRIALS = 10_000;

export interface WarmStart {
  readonly experimentId: ExperimentId;
  readonly projectId: ProjectId;
  readonly search: Search;
  /** Experiments by path or id. */
  readonly sources: readonly string[];
}

/**
 * How many trials it begins with: all that have ended, as far as they say something of the objective. Those that are not
 * legal in the space are kept and not modelled.
 * @throws NOT_FOUND, LIMIT_EXCEEDED, INPUT_INVALID when none is of use.
 */
export async function warmStart(tx: Sql, principal: Principal, given: WarmStart): Promise<number> {
  const { experimentId, projectId, search, sources } = given;
  if (sources.length > MOST_EXPERIMENTS)
    throw new PlatformError('LIMIT_EXCEEDED', `warmStart may name at most ${MOST_EXPERIMENTS} experiments`);
  const ids: ExperimentId[] = [];
  for (const source of sources) ids.push(await sourceOf(tx, principal, source, 'warmStart'));

  const { objectives, metricConstraints } = search;
  const into = { experimentId, projectId, objectives, metricConstraints, adoptedAt: null, names: null };
  const from = { experiments: [...new Set(ids)], trials: [] };
  if ((await countWarmCandidates(tx, into, from, MOST_WARM_TRIALS)) > MOST_WARM_TRIALS)
    throw new PlatformError(
      'LIMIT_EXCEEDED',
      `warmStart may bring at most ${MOST_WARM_TRIALS} trials, and ${sources.join(', ')} have more; name fewer or smaller experiments`,
    );
  const copied = (await copyWarmTrials(tx, into, from)).length;
  const space = parseSpace(search.space);
  const rows = await listWarmTrials(tx, experimentId);
  if (!rows.some(({ params }) => completeParams(space, params) !== null)) {
    const found = `${copied} trials of ${sources.join(', ')} have a value of ${objectives.map(({ metric }) => metric).join(', ')}`;
    throw new PlatformError(
      'INPUT_INVALID',
      `warmStart is of no use: ${found}, and none of them is legal in the space; give new parameters a default`,
    );
  }
  await setWarmTrials(tx, experimentId, copied);
  return copied;
}

/** The visible experiment with this path or id. @throws NOT_FOUND that begins with the word. */
export async function sourceOf(tx: Sql, principal: Principal, source: string, word: string): Promise<ExperimentId> {
  const scope = scopeOf(principal);
  const path = source.normalize('NFC');
  const slash = path.indexOf('/');
  const found =
    slash < 0
      ? (await findExperiments(tx, scope, isId(path) ? [path as ExperimentId] : []))[0]
      : await findExperimentByName(tx, scope, path.slice(0, slash), path.slice(slash + 1));
  if (found) return found.id;
  throw new PlatformError('NOT_FOUND', `${word}: there is no experiment ${source}; name it project/experiment`);
}
