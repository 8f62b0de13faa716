import type { Dataset } from '../../domain/dataset.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { findOne } from '../find-one.js';
import { loadDatasets } from './load-datasets.js';

/** The dataset, null when it does not exist or is not visible. */
export async function findDataset(
  deps: Deps,
  principal: Principal,
  input: { readonly id: string },
): Promise<Dataset | null> {
  return findOne(loadDatasets, deps, principal, input.id);
}
