import type { ApiKey, ApiKeyKind } from '../../domain/api-key.js';
import { PlatformError } from '../../domain/errors.js';
import type { ApiKeyId, ProjectId, ResourcePoolId, UserId } from '../../domain/ids.js';
import { checkName } from '../../domain/names.js';
import { narrowerRole, type Principal, type Role } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import { countLiveKeysOf, findCredential, insertApiKey, replaceSecret } from '../../store/queries/api-key.js';
import { readPoolsById } from '../../store/queries/pool.js';
import { forgetKey } from '../access/cache.js';
import { makeToken, TOKEN_KINDS } from '../access/token.js';
import { requireOrganizationRole, requireProject } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';
import { once } from '../once.js';

const DAY_MS = 86_400_000;
const USER_KEY_DAYS = 90;
const MAX_DAYS = 3650;
const MAX_KEYS_PER_USER = 50;

export interface CreateApiKeyInput {
  readonly kind: ApiKeyKind;
  readonly name: string;
  /** USER: narrows the caller's roles. SERVICE: its role. */
  readonly role?: Role | null;
  /** SERVICE: the project it is confined to; null: the organization. */
  readonly projectId?: string | null;
  /** RUNNER: the pool it leases from. */
  readonly poolId?: string | null;
  /** Null: 90 days for USER, no end for the others. */
  readonly expiresInDays?: number | null;
  readonly clientRequestId?: string | null;
}

export interface CreatedApiKey {
  readonly apiKey: ApiKey;
  /** The whole token; it is not kept and cannot be shown again. */
  readonly secret: string;
}

/**
 * A new key and its secret. Idempotent by `clientRequestId`: a retry gets the same key with a new secret, and the
 * secret of the reply that was lost is dead, since secrets are not kept.
 * @throws FORBIDDEN, NOT_FOUND, INPUT_INVALID, NAME_INVALID, LIMIT_EXCEEDED.
 */
export async function createApiKey(deps: Deps, principal: Principal, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  const id = newId<ApiKeyId>(deps);
  const { token, hmac } = makeToken(deps, TOKEN_KINDS[input.kind], id);
  const name = checkName(input.name, 'key name');
  const request = { operation: 'createApiKey', clientRequestId: input.clientRequestId, input };

  const create = async (tx: Sql): Promise<CreatedApiKey> => {
    const power = await powerOf(tx, principal, input);
    if (power.userId !== null) await checkNumberOfKeys(tx, power.userId, deps.clock.now());
    const apiKey: ApiKey = {
      id,
      organizationId: principal.organizationId,
      kind: input.kind,
      name,
      trialId: null,
      attempt: null,
      epoch: null,
      ...power,
      createdAt: deps.clock.now(),
      expiresAt: expiry(deps, input),
      revokedAt: null,
      lastUsedAt: null,
    };
    await insertApiKey(tx, { ...apiKey, secretHmac: hmac });
    return { apiKey, secret: token };
  };

  return once(deps, principal, request, create, {
    keep: ({ apiKey }) => ({ apiKey, secret: '' }),
    onReplay: async ({ apiKey }, tx) => {
      // Roles may have been taken away since, and another key of the same user may be narrower.
      if ((await powerOf(tx, principal, input)).role !== apiKey.role)
        throw new PlatformError('FORBIDDEN', 'this key can do more than you can now');
      const fresh = makeToken(deps, TOKEN_KINDS[apiKey.kind], apiKey.id);
      await replaceSecret(tx, apiKey.id, fresh.hmac);
      forgetKey(deps, apiKey.id);
      return { apiKey, secret: fresh.token };
    },
  });
}

type Power = Pick<ApiKey, 'userId' | 'role' | 'projectId' | 'poolId'>;

async function powerOf(tx: Sql, principal: Principal, input: CreateApiKeyInput): Promise<Power> {
  switch (input.kind) {
    case 'USER':
      return userPower(tx, principal, input);
    case 'SERVICE':
      return servicePower(tx, principal, input);
    case 'RUNNER':
      return runnerPower(tx, principal, input);
    case 'TRIAL':
      throw new PlatformError('INPUT_INVALID', 'keys of trials are made by starting the trial');
  }
}

/** A key made with a key cannot do more than that one. */
async function userPower(tx: Sql, principal: Principal, input: CreateApiKeyInput): Promise<Power> {
  refuse(input.projectId, 'projectId', 'USER');
  refuse(input.poolId, 'poolId', 'USER');
  if (principal.kind !== 'user') throw new PlatformError('FORBIDDEN', 'only a user can make a key for itself');
  const own = principal.keyId === null ? null : ((await findCredential(tx, principal.keyId))?.role ?? null);
  const asked = input.role ?? null;
  const role = own !== null && asked !== null ? narrowerRole(own, asked) : (asked ?? own);
  return { userId: principal.userId, role, projectId: null, poolId: null };
}

async function servicePower(tx: Sql, principal: Principal, input: CreateApiKeyInput): Promise<Power> {
  refuse(input.poolId, 'poolId', 'SERVICE');
  const role = input.role ?? null;
  if (role === null) throw new PlatformError('INPUT_INVALID', 'a key of kind SERVICE needs a role');
  const projectId = input.projectId ?? null;
  if (projectId === null) {
    requireOrganizationRole(principal, 'admin');
    return { userId: null, role, projectId: null, poolId: null };
  }
  const project = await requireProject(tx, principal, 'admin', checkId<ProjectId>(projectId, 'project'));
  return { userId: null, role, projectId: project.id, poolId: null };
}

async function runnerPower(tx: Sql, principal: Principal, input: CreateApiKeyInput): Promise<Power> {
  refuse(input.projectId, 'projectId', 'RUNNER');
  refuse(input.role, 'role', 'RUNNER');
  requireOrganizationRole(principal, 'admin');
  if (input.poolId === null || input.poolId === undefined) {
    throw new PlatformError('INPUT_INVALID', 'a key of kind RUNNER needs a poolId');
  }
  const [pool] = await readPoolsById(tx, principal.organizationId, [checkId<ResourcePoolId>(input.poolId, 'pool')]);
  if (pool === undefined) throw new PlatformError('NOT_FOUND', 'there is no pool with this id');
  return { userId: null, role: null, projectId: null, poolId: pool.id };
}

function refuse(value: unknown, field: string, kind: ApiKeyKind): void {
  if (value === null || value === undefined) return;
  throw new PlatformError('INPUT_INVALID', `a key of kind ${kind} has no ${field}; leave it out`);
}

async function checkNumberOfKeys(tx: Sql, userId: UserId, now: Date): Promise<void> {
  if ((await countLiveKeysOf(tx, userId, now)) < MAX_KEYS_PER_USER) return;
  throw new PlatformError(
    'LIMIT_EXCEEDED',
    `a user may have at most ${MAX_KEYS_PER_USER} keys; revoke one that is not needed`,
  );
}

function expiry(deps: Deps, input: CreateApiKeyInput): Date | null {
  const days = input.expiresInDays ?? (input.kind === 'USER' ? USER_KEY_DAYS : null);
  if (days === null) return null;
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
    throw new PlatformError('INPUT_INVALID', `expiresInDays must be a whole number from 1 to ${MAX_DAYS}`);
  }
  return new Date(deps.clock.now().getTime() + days * DAY_MS);
}
