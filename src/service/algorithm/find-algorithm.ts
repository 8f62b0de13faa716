import type { Algorithm } from '../../domain/algorithm.js';
import type { Principal } from '../../domain/roles.js';
import type { Deps } from '../deps.js';
import { findOne } from '../find-one.js';
import { loadAlgorithms } from './load-algorithms.js';

/** The algorithm, null when it does not exist or is not visible. */
export async function findAlgorithm(
  deps: Deps,
  principal: Principal,
  input: { readonly id: string },
): Promise<Algorithm | null> {
  return findOne(loadAlgorithms, deps, principal, input.id);
}
