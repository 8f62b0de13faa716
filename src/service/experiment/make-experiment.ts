/** Makes an experiment inside a verb's transaction. Internal: shared by the verbs that create one. */
import { PlatformError } from '../../domain/errors.js';
import type {
  AlgorithmVersionId,
  DatasetVersionId,
  ExperimentId,
  ProjectId,
  ResourcePoolId,
} from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import type { Project } from '../../domain/project.js';
import type { Principal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import {
  findExperimentIn,
  hasAlgorithmVersion,
  insertExperiment,
  insertExperimentDataset,
  takenExperimentNames,
} from '../../store/queries/experiment.js';
import { findPoolByName } from '../../store/queries/pool.js';
import { addAlgorithmVersion } from '../algorithm/add-version.js';
import { requireProject, requireRole } from '../authorize.js';
import { checkId, checkText } from '../check.js';
import type { Deps } from '../deps.js';
import { recordChange, recordEvent } from '../event/record.js';
import { newId } from '../ids.js';
import { ensureProject } from '../project/ensure-project.js';
import { checkResources, checkSearch, type ResourcesInput, type SearchInput } from './check-search.js';
import { warmStart } from './warm-start.js';

export interface NewExperimentInput {
  /** Exactly one of `projectId` and `project`; a project named here is created when missing. */
  readonly projectId?: string | null;
  readonly project?: string | null;
  readonly name: string;
  readonly description?: string | null;
  readonly search?: SearchInput | null;
  /** What runners execute: a version that exists, or a command that becomes one. At most one of the two. */
  readonly algorithmVersionId?: string | null;
  readonly command?: readonly string[] | null;
  readonly environment?: unknown;
  readonly workingDirectory?: string | null;
  /** Name of the pool; `default` where runners are needed. */
  readonly pool?: string | null;
  readonly resources?: ResourcesInput | null;
  readonly datasets?: readonly { readonly channel: string; readonly datasetVersionId: string }[] | null;
}

export interface MakeOptions {
  /** What a taken name means. `refuse`: NAME_TAKEN. `number`: the name gets -2, -3 … `find`: the one that has it is meant. */
  readonly taken: 'refuse' | 'number' | 'find';
}

const DEFAULT_POOL = 'default';
const MOST_DATASETS = 100;

/** The new experiment's id. Whoever makes a command run must be a submitter; others need to be writers. */
export async function makeExperiment(
  tx: Sql,
  deps: Deps,
  principal: Principal,
  input: NewExperimentInput,
  options: MakeOptions,
): Promise<ExperimentId> {
  const project = await projectOf(tx, deps, principal, input);
  const runsCode = isGiven(input.command) || isGiven(input.algorithmVersionId);
  if (runsCode) requireRole(principal, 'submitter', project.id);
  const name = checkName(input.name, 'experiment name');
  const row = {
    projectId: project.id,
    description: checkText(input.description, 'description'),
    search: isGiven(input.search) ? checkSearch(deps, input.search) : null,
    resources: checkResources(input.resources ?? {}),
    poolId: await poolOf(tx, principal, input.pool ?? (runsCode ? DEFAULT_POOL : null)),
    algorithmVersionId: await algorithmOf(tx, deps, project.id, name, input),
  };

  const id = newId<ExperimentId>(deps);
  const stored = await insertUnder(tx, { ...row, id }, name, options);
  if (stored === null) return foundInstead(tx, project.id, name);
  await bindDatasets(tx, project.id, id, input.datasets ?? []);
  const sources = input.search?.warmStart ?? [];
  const warmTrials =
    row.search === null || sources.length === 0
      ? 0
      : await warmStart(tx, principal, { experimentId: id, projectId: project.id, search: row.search, sources });
  await recordChange(tx, { projectId: project.id, experimentId: id, kind: 'experiment', subjectId: id });
  await recordEvent(tx, deps, {
    projectId: project.id,
    experimentId: id,
    kind: 'EXPERIMENT_CREATED',
    message: `${stored} was created${warmTrials === 0 ? '' : ` with ${warmTrials} trials of ${sources.join(', ')}`}`,
  });
  return id;
}

async function projectOf(
  tx: Sql,
  deps: Deps,
  principal: Principal,
  { projectId, project }: NewExperimentInput,
): Promise<Project> {
  if (isGiven(projectId) === isGiven(project))
    throw new PlatformError('INPUT_INVALID', 'give projectId or project, one of the two');
  if (isGiven(project)) return ensureProject(tx, deps, principal, project);
  return requireProject(tx, principal, 'writer', checkId<ProjectId>(projectId ?? '', 'project'));
}

async function poolOf(tx: Sql, principal: Principal, name: string | null): Promise<ResourcePoolId | null> {
  if (name === null) return null;
  const pool = await findPoolByName(tx, principal.organizationId, name);
  if (pool === null) throw new PlatformError('NOT_FOUND', `there is no pool called ${name}; create it or name another`);
  return pool.id;
}

async function algorithmOf(
  tx: Sql,
  deps: Deps,
  projectId: ProjectId,
  name: string,
  input: NewExperimentInput,
): Promise<AlgorithmVersionId | null> {
  const { command, environment, workingDirectory } = input;
  if (isGiven(command) && isGiven(input.algorithmVersionId)) {
    throw new PlatformError('INPUT_INVALID', 'give command or algorithmVersionId, not both');
  }
  if (isGiven(command))
    return (await addAlgorithmVersion(tx, deps, { projectId, name, command, environment, workingDirectory })).id;
  if (!isGiven(input.algorithmVersionId)) return null;
  const id = checkId<AlgorithmVersionId>(input.algorithmVersionId, 'algorithm version');
  if (await hasAlgorithmVersion(tx, projectId, id)) return id;
  throw new PlatformError('NOT_FOUND', `the project has no algorithm version ${id}`);
}

type Row = Omit<Parameters<typeof insertExperiment>[1], 'name'>;

/** Another request made it a moment ago. */
async function foundInstead(tx: Sql, projectId: ProjectId, name: string): Promise<ExperimentId> {
  const id = await findExperimentIn(tx, projectId, name);
  if (id === null) throw new PlatformError('NOT_FOUND', `the experiment ${name} was deleted just now`);
  return id;
}

/** The name it was stored under, null when it is there already and that one is meant. */
async function insertUnder(tx: Sql, row: Row, name: string, options: MakeOptions): Promise<string | null> {
  if (await insertExperiment(tx, { ...row, name })) return name;
  if (options.taken === 'find') return null;
  if (options.taken === 'refuse')
    throw new PlatformError('NAME_TAKEN', `the project has an experiment called ${name} already`);
  const taken = new Set(await takenExperimentNames(tx, row.projectId, name));
  // Names that others take meanwhile are stepped over by the insert itself.
  for (let suffix = 2; ; suffix++) {
    const candidate = checkName(`${name}-${suffix}`, 'experiment name');
    if (!taken.has(candidate) && (await insertExperiment(tx, { ...row, name: candidate }))) return candidate;
  }
}

async function bindDatasets(
  tx: Sql,
  projectId: ProjectId,
  experimentId: ExperimentId,
  datasets: NonNullable<NewExperimentInput['datasets']>,
): Promise<void> {
  if (datasets.length > MOST_DATASETS)
    throw new PlatformError('LIMIT_EXCEEDED', `an experiment may have at most ${MOST_DATASETS} datasets`);
  const channels = datasets.map((dataset) => checkName(dataset.channel, 'channel'));
  if (new Set(channels).size < channels.length)
    throw new PlatformError('INPUT_INVALID', 'two datasets have the same channel');
  for (const [i, { datasetVersionId }] of datasets.entries()) {
    const id = checkId<DatasetVersionId>(datasetVersionId, 'dataset version');
    const isBound = await insertExperimentDataset(tx, {
      projectId,
      experimentId,
      datasetVersionId: id,
      channel: channels[i] ?? '',
    });
    if (!isBound) throw new PlatformError('NOT_FOUND', `the project has no dataset version ${id}`);
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
