/** Makes what a test needs, with only the part that matters spelled out. Rows go straight to the tables: no verb is in the way. */
import { isPlatformError } from '../../src/domain/errors.js';
import type { Experiment } from '../../src/domain/experiment.js';
import type { ApiKeyId, ExperimentId, OrganizationId, ProjectId, TrialId, UserId } from '../../src/domain/ids.js';
import type { Project } from '../../src/domain/project.js';
import type { Role, ServicePrincipal, TrialPrincipal, UserPrincipal } from '../../src/domain/roles.js';
import type { Trial } from '../../src/domain/trial.js';
import type { User } from '../../src/domain/user.js';
import { loadUserPrincipal } from '../../src/service/access/load-principal.js';
import { createApiKey } from '../../src/service/api-key/create-api-key.js';
import type { Deps } from '../../src/service/deps.js';
import { newId } from '../../src/service/ids.js';
import { createProject } from '../../src/service/project/create-project.js';
import { ensureOrganization } from '../../src/store/queries/organization.js';
import { insertUser, setMembership } from '../../src/store/queries/user.js';
import { experimentTable } from '../../src/store/tables/experiment.js';
import { trialLeaseTable, trialTable } from '../../src/store/tables/trial.js';
import type { World } from './world.js';

let made = 0;

/** A text that no other call gives. */
export function unique(word: string): string {
  made += 1;
  return `${word}-${made}`;
}

/** The code of the PlatformError that the promise fails with; anything else fails the test. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isPlatformError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

interface Roles {
  /** In the whole organization. */
  readonly role?: Role;
  readonly projects?: readonly (readonly [ProjectId, Role])[];
}

/** A user of the world's organization, or of another one, with these roles and no others. */
export async function addUser(world: World, roles: Roles, organizationId?: OrganizationId): Promise<UserPrincipal> {
  const { deps } = world;
  const user: User = {
    id: newId<UserId>(deps),
    organizationId: organizationId ?? world.admin.organizationId,
    name: unique('user'),
    email: null,
    disabled: false,
    createdAt: deps.clock.now(),
  };
  await deps.database.transaction(async (tx) => {
    await insertUser(tx, user);
    if (roles.role !== undefined) await setMembership(tx, user, null, roles.role);
    for (const [projectId, role] of roles.projects ?? []) await setMembership(tx, user, projectId, role);
  });
  return reloadUser(deps, user.id);
}

/** The user as it is now. */
export async function reloadUser(deps: Deps, userId: UserId): Promise<UserPrincipal> {
  const principal = await loadUserPrincipal(deps.database.read, userId);
  if (principal === null) throw new Error(`there is no user ${userId}`);
  return principal;
}

export interface Foreigners {
  readonly organizationId: OrganizationId;
  readonly admin: UserPrincipal;
  readonly project: Project;
}

/** Another organization with its administrator and a project: nothing of it may ever be seen from here, or the other way. */
export async function addOrganization(world: World): Promise<Foreigners> {
  const { deps } = world;
  const organization = await deps.database.transaction((tx) =>
    ensureOrganization(tx, {
      id: newId<OrganizationId>(deps),
      name: unique('organization'),
      createdAt: deps.clock.now(),
    }),
  );
  const admin = await addUser(world, { role: 'admin' }, organization.id);
  return {
    organizationId: organization.id,
    admin,
    project: await createProject(deps, admin, { name: unique('project') }),
  };
}

export async function addProject(world: World): Promise<Project> {
  return createProject(world.deps, world.admin, { name: unique('project') });
}

/** A service key's principal. */
export async function addService(world: World, role: Role, projectId?: ProjectId): Promise<ServicePrincipal> {
  const input = { kind: 'SERVICE', name: unique('service'), role, projectId: projectId ?? null } as const;
  const { apiKey } = await createApiKey(world.deps, world.admin, input);
  const projectRoles: ReadonlyMap<ProjectId, Role> = new Map(projectId === undefined ? [] : [[projectId, role]]);
  return {
    kind: 'service',
    keyId: apiKey.id,
    organizationId: apiKey.organizationId,
    role: projectId === undefined ? role : null,
    projectRoles,
  };
}

/** An experiment without a search in the world's project. */
export async function addExperiment(world: World, part: Partial<Experiment> = {}): Promise<Experiment> {
  const { deps } = world;
  const experiment: Experiment = {
    id: newId<ExperimentId>(deps),
    projectId: world.project.id,
    name: unique('experiment'),
    description: '',
    state: 'ACTIVE',
    search: null,
    algorithmVersionId: null,
    poolId: null,
    resources: { gpus: 0, slots: 1, timeoutSeconds: null },
    nextNumber: 0,
    sequence: 0,
    createdAt: deps.clock.now(),
    endedAt: null,
    ...part,
  };
  // TypeORM's types cannot take JSON whose values are unknown.
  const row = { ...experiment, search: experiment.search as never };
  await deps.database.transaction((tx) => tx.manager.insert(experimentTable, row));
  return experiment;
}

interface Lease {
  readonly attempt?: number;
  readonly epoch?: number;
}

/** A running trial, with its lease at attempt 1 and epoch 1 unless told otherwise; in an experiment of its own unless given one. */
export async function addTrial(world: World, part: Partial<Trial> = {}, lease: Lease = {}): Promise<Trial> {
  const { deps } = world;
  const experimentId = part.experimentId ?? (await addExperiment(world)).id;
  const attempt = lease.attempt ?? part.attempt ?? 1;
  made += 1;
  const trial: Trial = {
    id: newId<TrialId>(deps),
    projectId: world.project.id,
    experimentId,
    number: made,
    name: null,
    state: 'RUNNING',
    params: {},
    tags: [],
    proposedBy: 'user',
    value: null,
    objectiveValues: null,
    constraintValues: null,
    violation: null,
    point: null,
    replicate: null,
    seed: null,
    cause: null,
    message: null,
    stopReason: null,
    stopMessage: null,
    pausing: null,
    pauseObeyed: false,
    pausedAt: [],
    resumedAt: [],
    parentNumber: null,
    attempt,
    askedAt: 0,
    endedSequence: null,
    createdAt: deps.clock.now(),
    startedAt: deps.clock.now(),
    endedAt: null,
    contactAt: deps.clock.now(),
    dropped: 0,
    pointsExpiredAt: null,
    logsExpiredAt: null,
    ...part,
  };
  await deps.database.transaction(async (tx) => {
    await tx.manager.insert(trialTable, trial);
    await tx.manager.insert(trialLeaseTable, {
      trialId: trial.id,
      attempt,
      epoch: lease.epoch ?? 1,
      runnerId: null,
      leaseUntil: null,
    });
  });
  return trial;
}

/** The principal of a token that this trial's attempt was given. */
export function trialPrincipal(world: World, trial: Trial, lease: Lease = {}): TrialPrincipal {
  return {
    kind: 'trial',
    keyId: newId<ApiKeyId>(world.deps),
    organizationId: world.admin.organizationId,
    projectId: trial.projectId,
    trialId: trial.id,
    attempt: lease.attempt ?? 1,
    epoch: lease.epoch ?? 1,
  };
}

/** What a reclaim and the next lease do: older tokens of the trial are superseded. */
export async function supersede(world: World, trialId: TrialId): Promise<void> {
  await world.deps.database.transaction((tx) =>
    tx.query(`/* test */ UPDATE trial_lease SET epoch = epoch + 1, attempt = attempt + 1 WHERE trial_id = $1`, [
      trialId,
    ]),
  );
}
