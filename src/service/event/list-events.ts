import { PlatformError } from '../../domain/errors.js';
import type { Event } from '../../domain/event.js';
import type { Principal } from '../../domain/roles.js';
import type { SubjectId, SubjectKind } from '../../store/queries/event.js';
import { checkId } from '../check.js';
import type { Deps } from '../deps.js';
import type { Page, PageInput } from '../page.js';
import { onlyPage } from '../pages-by-parent.js';
import { loadEventPages } from './load-event-pages.js';

export interface ListEventsInput extends PageInput {
  /** Exactly one of the three. */
  readonly projectId?: string | null;
  readonly experimentId?: string | null;
  readonly trialId?: string | null;
}

/** What happened in a project, an experiment or a trial, newest first. @throws NOT_FOUND, INPUT_INVALID. */
export async function listEvents(deps: Deps, principal: Principal, input: ListEventsInput): Promise<Page<Event>> {
  const { kind, id } = subjectOf(input);
  return onlyPage(await loadEventPages(deps, principal, kind, [checkId<SubjectId>(id, kind)], input));
}

function subjectOf({ projectId, experimentId, trialId }: ListEventsInput): { kind: SubjectKind; id: string } {
  const subjects = [
    { kind: 'project', id: projectId },
    { kind: 'experiment', id: experimentId },
    { kind: 'trial', id: trialId },
  ] as const;
  const [given, another] = subjects.filter(({ id }) => id !== null && id !== undefined);
  if (given === undefined || another !== undefined)
    throw new PlatformError('INPUT_INVALID', 'give exactly one of projectId, experimentId and trialId');
  return { kind: given.kind, id: String(given.id) };
}
