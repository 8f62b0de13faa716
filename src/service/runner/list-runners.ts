import type { ResourcePoolId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Runner } from '../../domain/runner.js';
import { countRunners, listRunnerRows } from '../../store/queries/runner.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';
import { requireMember } from './require-member.js';

export interface ListRunnersInput extends PageInput {
  readonly poolId?: string | null;
}

/** The organization's runners, of one pool if it is given, newest first. @throws FORBIDDEN to runners and trials, CURSOR_INVALID. */
export async function listRunners(deps: Deps, principal: Principal, input: ListRunnersInput): Promise<Page<Runner>> {
  requireMember(principal);
  const { organizationId } = principal;
  const { read } = deps.database;
  const poolId = input.poolId ? checkId<ResourcePoolId>(input.poolId, 'pool') : null;
  return pageById(
    'runners',
    input,
    (keyset) => listRunnerRows(read, organizationId, poolId, keyset),
    () => countRunners(read, organizationId, poolId),
  );
}
