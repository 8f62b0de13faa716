import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKeyId, OrganizationId, ProjectId, ResourcePoolId, TrialId } from '../../src/domain/ids.js';
import type { Principal, Role } from '../../src/domain/roles.js';
import {
  requireOrganizationRole,
  requireProject,
  requireRole,
  requireRunner,
  requireTrialReader,
  requireTrialWriter,
  scopeOf,
  visibleProjects,
} from '../../src/service/authorize.js';
import { addOrganization, addUser, codeOf, type Foreigners } from '../support/builders.js';
import { openWorld, type World } from '../support/world.js';

const ROLES: readonly Role[] = ['viewer', 'writer', 'submitter', 'admin'];
const HERE = 'here' as ProjectId;
const THERE = 'there' as ProjectId;
const TRIAL = { id: 'trial' as TrialId, projectId: HERE };
const base = { keyId: 'key' as ApiKeyId, organizationId: 'organization' as OrganizationId };

function member(role: Role | null, projects: readonly (readonly [ProjectId, Role])[] = []): Principal {
  return { kind: 'service', ...base, role, projectRoles: new Map(projects) };
}

const runner: Principal = { kind: 'runner', ...base, poolId: 'pool' as ResourcePoolId, runnerId: null };
const trialToken: Principal = { kind: 'trial', ...base, projectId: HERE, trialId: TRIAL.id, attempt: 1, epoch: 1 };

function outcome(check: () => unknown): string {
  try {
    check();
    return 'ok';
  } catch (error) {
    return String((error as { code: unknown }).code);
  }
}

describe('requireRole', () => {
  it.each(ROLES)('gives an organization-wide %s its rank and those below, in every project', (role) => {
    const outcomes = ROLES.map((needed) => outcome(() => requireRole(member(role), needed, HERE)));

    expect(outcomes).toEqual(
      ROLES.map((needed) => (ROLES.indexOf(needed) <= ROLES.indexOf(role) ? 'ok' : 'FORBIDDEN')),
    );
  });

  it.each(ROLES)('gives a %s of one project its rank there, and the answer of absence elsewhere', (role) => {
    const principal = member(null, [[HERE, role]]);

    expect(ROLES.map((needed) => outcome(() => requireRole(principal, needed, HERE)))).toEqual(
      ROLES.map((needed) => (ROLES.indexOf(needed) <= ROLES.indexOf(role) ? 'ok' : 'FORBIDDEN')),
    );
    expect(ROLES.map((needed) => outcome(() => requireRole(principal, needed, THERE)))).toEqual(
      ROLES.map(() => 'NOT_FOUND'),
    );
  });

  it('takes the stronger of the two roles', () => {
    expect(outcome(() => requireRole(member('viewer', [[HERE, 'admin']]), 'admin', HERE))).toBe('ok');
    expect(outcome(() => requireRole(member('admin', [[HERE, 'viewer']]), 'admin', HERE))).toBe('ok');
  });

  it('never lets a writer submit', () => {
    expect(outcome(() => requireRole(member('writer'), 'submitter', HERE))).toBe('FORBIDDEN');
  });

  it('gives runners and trials no role at all', () => {
    expect(outcome(() => requireRole(runner, 'viewer', HERE))).toBe('NOT_FOUND');
    expect(outcome(() => requireRole(trialToken, 'viewer', HERE))).toBe('FORBIDDEN');
    expect(outcome(() => requireRole(trialToken, 'viewer', THERE))).toBe('NOT_FOUND');
  });
});

describe('requireOrganizationRole', () => {
  it('asks for the role in the organization, not in a project', () => {
    expect(outcome(() => requireOrganizationRole(member(null, [[HERE, 'admin']]), 'viewer'))).toBe('FORBIDDEN');
    expect(outcome(() => requireOrganizationRole(member('writer'), 'writer'))).toBe('ok');
    expect(outcome(() => requireOrganizationRole(member('writer'), 'admin'))).toBe('FORBIDDEN');
    expect(outcome(() => requireOrganizationRole(runner, 'viewer'))).toBe('FORBIDDEN');
    expect(outcome(() => requireOrganizationRole(trialToken, 'viewer'))).toBe('FORBIDDEN');
  });
});

describe('requireTrialWriter and requireTrialReader', () => {
  it("let a trial's token reach its own trial and no other", () => {
    const sibling = { id: 'sibling' as TrialId, projectId: HERE };

    expect(outcome(() => requireTrialWriter(trialToken, TRIAL))).toBe('ok');
    expect(outcome(() => requireTrialReader(trialToken, TRIAL))).toBe('ok');
    expect(outcome(() => requireTrialWriter(trialToken, sibling))).toBe('NOT_FOUND');
    expect(outcome(() => requireTrialReader(trialToken, sibling))).toBe('NOT_FOUND');
  });

  it('let writers write and viewers read', () => {
    expect(outcome(() => requireTrialWriter(member('writer'), TRIAL))).toBe('ok');
    expect(outcome(() => requireTrialWriter(member('viewer'), TRIAL))).toBe('FORBIDDEN');
    expect(outcome(() => requireTrialReader(member('viewer'), TRIAL))).toBe('ok');
    expect(outcome(() => requireTrialReader(runner, TRIAL))).toBe('NOT_FOUND');
  });
});

describe('requireRunner', () => {
  it('takes runners only', () => {
    expect(requireRunner(runner)).toBe(runner);
    expect(outcome(() => requireRunner(member('admin')))).toBe('FORBIDDEN');
  });
});

describe('visibleProjects', () => {
  it('is all for members of the organization, some for members of projects, none for runners and trials', () => {
    expect(visibleProjects(member('viewer'))).toBe('all');
    expect(visibleProjects(member(null, [[HERE, 'viewer']]))).toEqual([HERE]);
    expect(visibleProjects(runner)).toEqual([]);
    expect(visibleProjects(trialToken)).toEqual([]);
    expect(scopeOf(member(null)).projectIds).toEqual([]);
  });
});

describe('requireProject', () => {
  let world: World;
  let foreigners: Foreigners;

  beforeAll(async () => {
    world = await openWorld();
    foreigners = await addOrganization(world);
  });

  afterAll(async () => {
    await world.close();
  });

  it("answers for another organization's project as for one that does not exist, even to an administrator", async () => {
    const { read } = world.deps.database;
    const absent = '00000000-0000-7000-8000-000000000000' as ProjectId;
    const messageOf = async (id: ProjectId): Promise<string> => {
      const error = await requireProject(read, world.admin, 'viewer', id).catch((caught: Error) => caught);
      return String((error as Error).message).replace(id, 'ID');
    };

    expect(await codeOf(requireProject(read, world.admin, 'viewer', foreigners.project.id))).toBe('NOT_FOUND');
    expect(await messageOf(foreigners.project.id)).toBe(await messageOf(absent));
  });

  it('gives the project to those with the role', async () => {
    const user = await addUser(world, { projects: [[world.project.id, 'writer']] });
    const { read } = world.deps.database;

    expect((await requireProject(read, user, 'writer', world.project.id)).name).toBe('project');
    expect(await codeOf(requireProject(read, user, 'admin', world.project.id))).toBe('FORBIDDEN');
  });

  it('does not believe a membership that crosses organizations', async () => {
    const user = await addUser(world, { projects: [[foreigners.project.id, 'admin']] });

    expect([...user.projectRoles]).toEqual([]);
  });
});
