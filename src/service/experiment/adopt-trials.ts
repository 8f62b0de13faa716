/** Gives a search trials that ran outside of it, such as logged runs, for its models to learn from. It keeps copies. */
import { PlatformError } from '../../domain/errors.js';
import type { Experiment, Search } from '../../domain/experiment.js';
import { type ExperimentId, isId, type TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { completeParams } from '../../search/space/default-params.js';
import { parseSpace } from '../../search/space/parse-space.js';
import { validateParams } from '../../search/space/validate-params.js';
import type { Sql } from '../../store/database.js';
import { advanceSequence } from '../../store/queries/experiment.js';
import { findTrialByPath, findTrials } from '../../store/queries/trial.js';
import {
  type CopiedTrial,
  copyWarmTrials,
  countWarmCandidates,
  findCopied,
  findTrialPaths,
  setWarmTrials,
} from '../../store/queries/warm-trial.js';
import { requireRole, scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { once } from '../once.js';
import { splitTrialPath } from '../trial/find-trial.js';
import { conflict, lockVisibleExperiment } from './change-experiment.js';
import { reloadExperiment } from './reload-experiment.js';
import { MOST_WARM_TRIALS, sourceOf } from './warm-start.js';

/** What becomes of trials that are not legal in the space. `keep`: known, but outside the models until a revision takes them. */
export type Misfits = 'refuse' | 'keep';

export interface AdoptTrialsInput {
  readonly experimentId: string;
  /** Single trials, by path `project/experiment/number` or id. */
  readonly trials?: readonly string[] | null;
  /** All ended trials of these experiments, by path or id. */
  readonly experiments?: readonly string[] | null;
  /** Default `refuse`. */
  readonly misfits?: Misfits | null;
  /** Params that are no parameters of the space are left out. Default false: they make a misfit. */
  readonly ignoreUnknown?: boolean | null;
  readonly clientRequestId?: string | null;
}

export interface AdoptedTrials {
  readonly experiment: Experiment;
  /** How many are known now that were not before. */
  readonly adopted: number;
  /** Those of them that are outside the models, by path. */
  readonly outside: readonly string[];
}

const MOST_NAMED = 1_000;
const MOST_IN_WORDS = 5;

/**
 * The experiment, whose later proposals know these trials: completed ones with a value of its objective, or a report of its
 * metric where it was not their objective; and pruned ones that reported it. Trials that it has adopted before are left. They
 * cost no budget, and what becomes of the originals changes nothing.
 * @throws NOT_FOUND, FORBIDDEN, STATE_CONFLICT without a search, LIMIT_EXCEEDED, INPUT_INVALID with `problems` by path of
 * trial: where a single one says nothing of the objective, and of misfits that are not kept.
 */
export async function adoptTrials(deps: Deps, principal: Principal, input: AdoptTrialsInput): Promise<AdoptedTrials> {
  const id = checkId<ExperimentId>(input.experimentId, 'experiment');
  const request = { operation: 'adoptTrials', clientRequestId: input.clientRequestId, input };
  const { adopted, outside } = await once(deps, principal, request, async (tx) => {
    const experiment = await lockVisibleExperiment(tx, principal, id);
    requireRole(principal, 'writer', experiment.projectId);
    const { search } = experiment;
    if (search === null) throw conflict(experiment, 'it has no search that could learn; create one with warmStart');
    return adopt(tx, deps, principal, { ...experiment, search }, input);
  });
  deps.wakeups.notify(`experiment:${id}`);
  return { experiment: await reloadExperiment(deps, principal, id), adopted, outside };
}

type Searching = Experiment & { readonly search: Search };

async function adopt(
  tx: Sql,
  deps: Deps,
  principal: Principal,
  experiment: Searching,
  input: AdoptTrialsInput,
): Promise<Pick<AdoptedTrials, 'adopted' | 'outside'>> {
  const { id, projectId, search } = experiment;
  const sources = await sourcesOf(tx, principal, experiment, input);
  await requireRoom(tx, experiment, sources);
  const space = parseSpace(search.space);
  const into = {
    experimentId: id,
    projectId,
    objectives: search.objectives,
    metricConstraints: search.metricConstraints,
    // The position that is taken below, once there is something to take it for.
    adoptedAt: experiment.sequence + 1,
    names: input.ignoreUnknown === true ? space.parameters.map(({ name }) => name) : null,
  };
  const copied = await copyWarmTrials(tx, into, sources);
  await requireUseful(tx, principal, experiment, sources.trials);
  const misfits = copied.filter(({ params }) => completeParams(space, params) === null);
  const outside = await pathsOf(tx, principal, misfits);
  if (misfits.length > 0 && input.misfits !== 'keep') {
    const problems = misfits.map(({ params }, i) => {
      const wrong = validateParams(space, params).map((problem) => `${problem.path} ${problem.message}`);
      return { path: outside[i] ?? '', message: wrong.join('; ') };
    });
    throw refusal(`${misfits.length} trials do not fit the search space of ${experiment.name}`, problems, REMEDY);
  }
  if (copied.length === 0) return { adopted: 0, outside: [] };

  await advanceSequence(tx, id);
  await setWarmTrials(tx, id, search.warmTrials + copied.length);
  await recordChange(tx, { projectId, experimentId: id, kind: 'experiment', subjectId: id });
  await recordEvent(tx, deps, {
    projectId,
    experimentId: id,
    kind: 'TRIALS_ADOPTED',
    message: `${experiment.name} learns from ${copied.length} trials of others${outside.length === 0 ? '' : `, ${outside.length} of which are outside its space`}`,
    data: { adopted: copied.length, outside: outside.length },
  });
  return { adopted: copied.length, outside };
}

const REMEDY =
  'leave them out, say ignoreUnknown where they only have params that the space has not, or keep them outside the models';

interface Sources {
  readonly experiments: readonly ExperimentId[];
  readonly trials: readonly TrialId[];
}

async function sourcesOf(
  tx: Sql,
  principal: Principal,
  { id, name }: Experiment,
  input: AdoptTrialsInput,
): Promise<Sources> {
  const [wholes, singles] = [input.experiments ?? [], input.trials ?? []];
  if (wholes.length + singles.length === 0) throw new PlatformError('INPUT_INVALID', 'name experiments or trials');
  if (wholes.length + singles.length > MOST_NAMED)
    throw new PlatformError('LIMIT_EXCEEDED', `at most ${MOST_NAMED} experiments and trials may be named at once`);
  const experiments: ExperimentId[] = [];
  for (const source of wholes) experiments.push(await sourceOf(tx, principal, source, 'experiments'));
  const trials: Trial[] = [];
  for (const single of singles) trials.push(await trialOf(tx, principal, single));
  if (experiments.includes(id) || trials.some(({ experimentId }) => experimentId === id))
    throw new PlatformError('INPUT_INVALID', `${name} knows its own trials: name others`);
  return { experiments: [...new Set(experiments)], trials: [...new Set(trials.map((trial) => trial.id))] };
}

async function trialOf(tx: Sql, principal: Principal, pathOrId: string): Promise<Trial> {
  const scope = scopeOf(principal);
  const path = isId(pathOrId) ? null : splitTrialPath(pathOrId);
  const [found] =
    path === null ? await findTrials(tx, scope, [pathOrId as TrialId]) : [await findTrialByPath(tx, scope, path)];
  if (found) return found;
  throw new PlatformError('NOT_FOUND', `there is no trial ${pathOrId}`);
}

async function requireRoom(tx: Sql, { id, search }: Searching, sources: Sources): Promise<void> {
  const room = MOST_WARM_TRIALS - search.warmTrials;
  if ((await countWarmCandidates(tx, { experimentId: id }, sources, room)) <= room) return;
  throw new PlatformError(
    'LIMIT_EXCEEDED',
    `a search may know ${MOST_WARM_TRIALS} trials of others, and knows ${search.warmTrials}; name fewer, or smaller experiments`,
  );
}

/** Whoever names a trial wants it, so silence about one that says nothing would mislead. @throws INPUT_INVALID. */
async function requireUseful(
  tx: Sql,
  principal: Principal,
  { id, search }: Searching,
  named: readonly TrialId[],
): Promise<void> {
  const known = new Set(await findCopied(tx, id, named));
  const useless = named.filter((trial) => !known.has(trial)).map((sourceTrialId) => ({ sourceTrialId, params: {} }));
  if (useless.length === 0) return;
  const message = `has not ended well, or says nothing of ${search.objectives.map(({ metric }) => metric).join(' and ')}`;
  const problems = (await pathsOf(tx, principal, useless)).map((path) => ({ path, message }));
  throw refusal(`${useless.length} trials teach nothing`, problems, 'leave them out');
}

/** By path, in the order given. */
async function pathsOf(tx: Sql, principal: Principal, copied: readonly CopiedTrial[]): Promise<string[]> {
  if (copied.length === 0) return [];
  const ids = copied.map(({ sourceTrialId }) => sourceTrialId);
  const paths = new Map((await findTrialPaths(tx, scopeOf(principal), ids)).map(({ id, path }) => [id, path]));
  return ids.map((id) => paths.get(id) ?? id);
}

function refusal(
  what: string,
  problems: readonly { readonly path: string; readonly message: string }[],
  remedy: string,
): PlatformError {
  const first = problems.slice(0, MOST_IN_WORDS).map(({ path, message }) => `${path} (${message})`);
  const more = problems.length > MOST_IN_WORDS ? [`and ${problems.length - MOST_IN_WORDS} more`] : [];
  return new PlatformError('INPUT_INVALID', `${what}: ${[...first, ...more].join(', ')}; ${remedy}`, { problems });
}
