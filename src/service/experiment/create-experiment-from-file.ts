import { PlatformError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { once } from '../once.js';
import { parseSearchFile } from '../search-file/parse-search-file.js';
import { makeExperiment, type NewExperimentInput } from './make-experiment.js';
import { reloadExperiment } from './reload-experiment.js';

export interface CreateExperimentFromFileInput {
  /** YAML; see schema/search-file.schema.json. */
  readonly text: string;
  /** These win over what the file says. */
  readonly project?: string | null;
  readonly name?: string | null;
  readonly workingDirectory?: string | null;
  /** Added to the file's variables. */
  readonly environment?: Readonly<Record<string, unknown>> | null;
  readonly seed?: string | null;
  /** False: a name that is taken gets -2, -3 … True: it is refused. */
  readonly unique?: boolean | null;
  readonly clientRequestId?: string | null;
}

/**
 * A new experiment as the file describes it. Idempotent by `clientRequestId`.
 * @throws SEARCH_FILE_INVALID with line, column and key of each problem, and all that `createExperiment` throws.
 */
export async function createExperimentFromFile(
  deps: Deps,
  principal: Principal,
  input: CreateExperimentFromFileInput,
): Promise<Experiment> {
  const described = describe(input);
  const options = { taken: input.unique === true ? 'refuse' : 'number' } as const;
  const request = { operation: 'createExperimentFromFile', clientRequestId: input.clientRequestId, input };
  const id = await once(deps, principal, request, (tx) => makeExperiment(tx, deps, principal, described, options));
  const experiment = await reloadExperiment(deps, principal, id);
  if (experiment.poolId !== null) deps.wakeups.notify(`pool:${experiment.poolId}`);
  return experiment;
}

function describe(input: CreateExperimentFromFileInput): NewExperimentInput {
  const file = parseSearchFile(input.text);
  const project = input.project ?? file.project ?? null;
  const name = input.name ?? file.name;
  if (project === null) throw new PlatformError('INPUT_INVALID', 'name a project, in the file or beside it');
  if (name === null) throw new PlatformError('INPUT_INVALID', 'name the experiment, in the file or beside it');
  const { search } = file;
  return {
    ...file,
    project,
    name,
    workingDirectory: input.workingDirectory ?? file.workingDirectory ?? null,
    environment: { ...(file.environment as object | undefined), ...input.environment },
    ...(search && input.seed ? { search: { ...search, seed: input.seed } } : {}),
  };
}
