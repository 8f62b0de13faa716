import type { Experiment } from '../../domain/experiment.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import {
  countExperiments,
  type ExperimentFilter,
  listExperiments as listRows,
} from '../../store/queries/experiment.js';
import { scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';

export interface ListExperimentsInput extends PageInput {
  /** Null: of all visible projects. */
  readonly projectId?: string | null;
  readonly filter?: ExperimentFilter | null;
}

/** Visible experiments, newest first. @throws NOT_FOUND for a malformed id, CURSOR_INVALID. */
export async function listExperiments(
  deps: Deps,
  principal: Principal,
  input: ListExperimentsInput,
): Promise<Page<Experiment>> {
  const { read } = deps.database;
  const list = {
    scope: scopeOf(principal),
    projectId: input.projectId ? checkId<ProjectId>(input.projectId, 'project') : null,
    filter: input.filter ?? {},
  };
  return pageById(
    'experiments',
    input,
    (keyset) => listRows(read, list, keyset),
    () => countExperiments(read, list),
  );
}
