import { PlatformError } from '../../domain/errors.js';
import type { Event } from '../../domain/event.js';
import type { ExperimentId, ProjectId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import { countEvents, type EventSubject, findSubjectProject, readEventPage } from '../../store/queries/event.js';
import { requireProject, roleIn, scopeOf } from '../authorize.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import { type Page, type PageInput, pageById } from '../page.js';

export interface ListEventsInput extends PageInput {
  /** Exactly one of the three. */
  readonly projectId?: string | null;
  readonly experimentId?: string | null;
  readonly trialId?: string | null;
}

/** What happened in a project, an experiment or a trial, newest first. @throws NOT_FOUND, INPUT_INVALID. */
export async function listEvents(deps: Deps, principal: Principal, input: ListEventsInput): Promise<Page<Event>> {
  const { read } = deps.database;
  const subject = subjectOf(input);
  await requireSubject(deps, principal, subject);
  const scope = scopeOf(principal);
  return pageById(
    `events:${subject.projectId ?? subject.experimentId ?? subject.trialId}`,
    input,
    (page) => readEventPage(read, scope, subject, page),
    () => countEvents(read, scope, subject),
  );
}

function subjectOf(input: ListEventsInput): EventSubject {
  const { projectId, experimentId, trialId } = input;
  const given = [projectId, experimentId, trialId].filter((id) => id !== null && id !== undefined);
  if (given.length !== 1)
    throw new PlatformError('INPUT_INVALID', 'give exactly one of projectId, experimentId and trialId');
  if (typeof projectId === 'string') return { projectId: checkId<ProjectId>(projectId, 'project') };
  if (typeof experimentId === 'string') return { experimentId: checkId<ExperimentId>(experimentId, 'experiment') };
  return { trialId: checkId<TrialId>(String(trialId), 'trial') };
}

async function requireSubject(deps: Deps, principal: Principal, subject: EventSubject): Promise<void> {
  const { read } = deps.database;
  if (subject.projectId !== undefined) {
    await requireProject(read, principal, 'viewer', subject.projectId);
    return;
  }
  const projectId = await findSubjectProject(read, principal.organizationId, subject);
  const noun = subject.experimentId === undefined ? 'trial' : 'experiment';
  // A foreign thing gets the very words of an absent one.
  if (projectId === null || roleIn(principal, projectId) === null) {
    throw new PlatformError('NOT_FOUND', `there is no ${noun} with this id`);
  }
}
