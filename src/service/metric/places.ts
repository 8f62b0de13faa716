/**
 * Where trials and experiments belong, remembered: a row never moves to another project, so that reports and followers
 * need not ask the database who they are for. What was deleted is refused by the store itself.
 */
import { PlatformError } from '../../domain/errors.js';
import { type ExperimentId, isId, type TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { Sql } from '../../store/database.js';
import type { MetricScope } from '../../store/metrics/metric-store.js';
import { findExperimentPlaces, findTrialPlaces, type Place } from '../../store/queries/place.js';
import { requireRole, requireTrialReader, requireTrialWriter, roleIn } from '../authorize.js';
import type { Deps } from '../deps.js';

const MAX_REMEMBERED = 50_000;

interface Memory {
  readonly trials: Map<TrialId, Place<TrialId>>;
  readonly experiments: Map<ExperimentId, Place<ExperimentId>>;
}

const memories = new WeakMap<object, Memory>();

/** The trial's place, when the caller may write to it. @throws NOT_FOUND, FORBIDDEN */
export async function requireWritableTrial(
  deps: Deps,
  principal: Principal,
  trialId: TrialId,
): Promise<Pick<Place<TrialId>, 'id' | 'projectId'>> {
  const place = await placeOfTrial(deps, principal, trialId);
  requireTrialWriter(principal, place);
  return place;
}

/** Refuses callers who may not read the trial. @throws NOT_FOUND, FORBIDDEN */
export async function requireReadableTrial(deps: Deps, principal: Principal, trialId: TrialId): Promise<void> {
  requireTrialReader(principal, await placeOfTrial(deps, principal, trialId));
}

/** Refuses callers who may not read all of the scope. @throws NOT_FOUND, FORBIDDEN */
export async function requireScope(deps: Deps, principal: Principal, scope: MetricScope): Promise<void> {
  if ('experimentId' in scope) {
    const [place] = await experimentPlaces(deps, [scope.experimentId]);
    if (place === undefined || place.organizationId !== principal.organizationId)
      throw new PlatformError('NOT_FOUND', `there is no experiment ${scope.experimentId}`);
    return requireRole(principal, 'viewer', place.projectId);
  }
  const places = new Map((await trialPlaces(deps, scope.trialIds)).map((place) => [place.id, place]));
  for (const id of scope.trialIds) {
    const place = places.get(id);
    if (place === undefined || place.organizationId !== principal.organizationId) throw trialNotFound(id);
    requireTrialReader(principal, place);
  }
}

/** Those of the trials that the caller may read. */
export async function readableTrials(deps: Deps, principal: Principal, ids: readonly TrialId[]): Promise<Set<TrialId>> {
  const places = await trialPlaces(deps, ids);
  return new Set(places.filter((place) => isReadable(principal, place)).map(({ id }) => id));
}

/** Those of the experiments that the caller may read. */
export async function readableExperiments(
  deps: Deps,
  principal: Principal,
  ids: readonly ExperimentId[],
): Promise<Set<ExperimentId>> {
  const places = await experimentPlaces(deps, ids);
  return new Set(places.filter((place) => isReadable(principal, place)).map(({ id }) => id));
}

function isReadable(principal: Principal, place: Place<string>): boolean {
  if (place.organizationId !== principal.organizationId) return false;
  return principal.kind === 'trial' ? principal.trialId === place.id : roleIn(principal, place.projectId) !== null;
}

/** A trial's own token names its place; others are looked up once. */
async function placeOfTrial(
  deps: Deps,
  principal: Principal,
  trialId: TrialId,
): Promise<Pick<Place<TrialId>, 'id' | 'projectId'>> {
  if (principal.kind === 'trial' && principal.trialId === trialId)
    return { id: trialId, projectId: principal.projectId };
  const [place] = await trialPlaces(deps, [trialId]);
  if (place === undefined || place.organizationId !== principal.organizationId) throw trialNotFound(trialId);
  return place;
}

function trialPlaces(deps: Deps, ids: readonly TrialId[]): Promise<Place<TrialId>[]> {
  return remembered(deps.database.vital.read, memoryOf(deps).trials, ids, findTrialPlaces);
}

function experimentPlaces(deps: Deps, ids: readonly ExperimentId[]): Promise<Place<ExperimentId>[]> {
  return remembered(deps.database.vital.read, memoryOf(deps).experiments, ids, findExperimentPlaces);
}

async function remembered<Id extends string>(
  sql: Sql,
  known: Map<Id, Place<Id>>,
  ids: readonly Id[],
  find: (sql: Sql, ids: readonly Id[]) => Promise<Place<Id>[]>,
): Promise<Place<Id>[]> {
  const missing = ids.filter((id) => !known.has(id) && isId(id));
  if (missing.length > 0) {
    if (known.size > MAX_REMEMBERED) known.clear();
    for (const place of await find(sql, missing)) known.set(place.id, place);
  }
  return ids.flatMap((id) => known.get(id) ?? []);
}

function memoryOf(deps: Deps): Memory {
  const memory = memories.get(deps.database) ?? { trials: new Map(), experiments: new Map() };
  memories.set(deps.database, memory);
  return memory;
}

function trialNotFound(id: TrialId): PlatformError {
  return new PlatformError('NOT_FOUND', `there is no trial ${id}`);
}
