import { PlatformError } from '../../domain/errors.js';
import type { Event } from '../../domain/event.js';
import type { Principal } from '../../domain/roles.js';
import {
  countEvents,
  readEventPages,
  type SubjectId,
  type SubjectKind,
  visibleSubjects,
} from '../../store/queries/event.js';
import { scopeOf } from '../authorize.js';
import type { Deps } from '../deps.js';
import { idOf, type PageInput } from '../page.js';
import { type PageOrError, pagesByParent } from '../pages-by-parent.js';

const COLUMNS = { project: 'projectId', experiment: 'experimentId', trial: 'trialId' } as const;

/** Per subject its events, newest first; NOT_FOUND where it is not visible. One statement for all. */
export async function loadEventPages(
  deps: Deps,
  principal: Principal,
  kind: SubjectKind,
  ids: readonly SubjectId[],
  input: PageInput,
): Promise<PageOrError<Event>[]> {
  const { read } = deps.database;
  const scope = scopeOf(principal);
  const pages = await pagesByParent(await visibleSubjects(read, scope, kind, ids), input, {
    nameOf: (id) => `events:${id}`,
    read: (subjects, { limit, after }) =>
      readEventPages(read, scope, kind, subjects, { limit, afterId: after === null ? null : idOf(after) }),
    parentOf: (event) => event[COLUMNS[kind]] as SubjectId, // it was found by this column
    positionOf: (event) => [event.id],
    count: (subjects) => countEvents(read, scope, kind, subjects),
  });
  // A foreign thing gets the very words of an absent one.
  return ids.map((id) => pages.get(id) ?? new PlatformError('NOT_FOUND', `there is no ${kind} with this id`));
}
