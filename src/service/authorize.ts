/**
 * Who may do what. Everything is refused unless a rule here allows it; what is foreign answers like what is absent.
 * Whether a project belongs to the caller's organization is decided by loading it with `scopeOf`, never by its id alone.
 */
import { PlatformError } from '../domain/errors.js';
import type { ProjectId, TrialId } from '../domain/ids.js';
import type { Project } from '../domain/project.js';
import { includesRole, type Principal, type Role, type RunnerPrincipal } from '../domain/roles.js';
import type { Sql } from '../store/database.js';
import { findProjectById } from '../store/queries/project.js';
import type { Scope } from '../store/queries/scope.js';

/** The caller's role in a project, null when it has none. The project must be of the caller's organization. */
export function roleIn(principal: Principal, projectId: ProjectId): Role | null {
  if (principal.kind !== 'user' && principal.kind !== 'service') return null;
  const inProject = principal.projectRoles.get(projectId) ?? null;
  if (principal.role === null || inProject === null) return principal.role ?? inProject;
  return includesRole(principal.role, inProject) ? principal.role : inProject;
}

/**
 * Refuses callers without `role` in the project. It trusts that the project is of the caller's organization: use it
 * on rows that were loaded by `scopeOf`, or use `requireProject`.
 * @throws NOT_FOUND without any role there, FORBIDDEN with a weaker one.
 */
export function requireRole(principal: Principal, role: Role, projectId: ProjectId): void {
  const actual = roleIn(principal, projectId);
  if (actual === null && !isOwnProject(principal, projectId)) throw projectNotFound(projectId);
  if (actual === null || !includesRole(actual, role)) {
    throw new PlatformError('FORBIDDEN', `this needs the role ${role} in the project`, { needed: role });
  }
}

/** The project, when the caller has `role` in it. @throws NOT_FOUND, FORBIDDEN. */
export async function requireProject(
  sql: Sql,
  principal: Principal,
  role: Role,
  projectId: ProjectId,
): Promise<Project> {
  const project = await findProjectById(sql, principal.organizationId, projectId);
  if (project === null) throw projectNotFound(projectId);
  requireRole(principal, role, project.id);
  return project;
}

/** Refuses callers without `role` in their whole organization. @throws FORBIDDEN. */
export function requireOrganizationRole(principal: Principal, role: Role): void {
  const actual = principal.kind === 'user' || principal.kind === 'service' ? principal.role : null;
  if (actual === null || !includesRole(actual, role)) {
    throw new PlatformError('FORBIDDEN', `this needs the role ${role} in the organization`, { needed: role });
  }
}

/** The projects that the caller may look into. */
export function visibleProjects(principal: Principal): 'all' | ProjectId[] {
  if (principal.kind !== 'user' && principal.kind !== 'service') return [];
  return principal.role === null ? [...principal.projectRoles.keys()] : 'all';
}

/** `visibleProjects` as the filter that queries take. */
export function scopeOf(principal: Principal): Scope {
  const visible = visibleProjects(principal);
  return { organizationId: principal.organizationId, projectIds: visible === 'all' ? null : visible };
}

/** As `scopeOf`, but a trial's token also reaches its own project: for verbs that training code may call. */
export function scopeOfTrialCaller(principal: Principal): Scope {
  if (principal.kind !== 'trial') return scopeOf(principal);
  return { organizationId: principal.organizationId, projectIds: [principal.projectId] };
}

interface TrialKey {
  readonly id: TrialId;
  readonly projectId: ProjectId;
}

/** Refuses callers who may not write to the trial: writers of its project may, and the trial's own token. @throws NOT_FOUND, FORBIDDEN. */
export function requireTrialWriter(principal: Principal, trial: TrialKey): void {
  requireTrialCaller(principal, trial, 'writer');
}

/** Refuses callers who may not read the trial: viewers of its project may, and the trial's own token. @throws NOT_FOUND, FORBIDDEN. */
export function requireTrialReader(principal: Principal, trial: TrialKey): void {
  requireTrialCaller(principal, trial, 'viewer');
}

function requireTrialCaller(principal: Principal, trial: TrialKey, role: Role): void {
  if (principal.kind !== 'trial') requireRole(principal, role, trial.projectId);
  else if (principal.trialId !== trial.id) throw new PlatformError('NOT_FOUND', `there is no trial ${trial.id}`);
}

/** The caller as a runner. @throws FORBIDDEN. */
export function requireRunner(principal: Principal): RunnerPrincipal {
  if (principal.kind === 'runner') return principal;
  throw new PlatformError('FORBIDDEN', 'only a runner may do this: use a key of kind RUNNER');
}

function isOwnProject(principal: Principal, projectId: ProjectId): boolean {
  return principal.kind === 'trial' && principal.projectId === projectId;
}

function projectNotFound(projectId: ProjectId): PlatformError {
  return new PlatformError('NOT_FOUND', `there is no project ${projectId}`);
}
