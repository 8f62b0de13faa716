import type { ApiKey } from '../../domain/api-key.js';
import type { Principal } from '../../domain/roles.js';
import { countApiKeys, readApiKeyPage } from '../../store/queries/api-key.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';
import { keyOwnerOf } from './key-owner.js';

/** The caller's keys and those that it administers, oldest first; revoked ones too, trials' tokens never. */
export async function listApiKeys(deps: Deps, principal: Principal, input: PageInput): Promise<Page<ApiKey>> {
  const owner = keyOwnerOf(principal);
  const { read } = deps.database;
  return pageById(
    'api-keys',
    input,
    (page) => readApiKeyPage(read, owner, page),
    () => countApiKeys(read, owner),
  );
}
