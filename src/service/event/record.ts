/** Writes down what happened, inside the transaction that made it happen. Notify after the commit, not here. */
import type { Event, EventKind } from '../../domain/event.js';
import type { EventId, ExperimentId, ProjectId, TrainingJobId, TrialId } from '../../domain/ids.js';
import type { Sql } from '../../store/database.js';
import { type ChangeRow, insertChanges, insertEvent } from '../../store/queries/event.js';
import type { Deps } from '../deps.js';
import { newId } from '../ids.js';

export interface NewEvent {
  readonly projectId: ProjectId;
  readonly experimentId?: ExperimentId | null;
  readonly trialId?: TrialId | null;
  readonly jobId?: TrainingJobId | null;
  readonly kind: EventKind;
  /** For people: names the thing and what became of it. */
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The event as stored, with its row in the change feed, and those of what changed when it happened: one statement. */
export async function recordEvent(
  tx: Sql,
  deps: Pick<Deps, 'clock' | 'random'>,
  event: NewEvent,
  changes: readonly ChangeRow[] = [],
): Promise<Event> {
  const stored: Event = {
    id: newId<EventId>(deps),
    projectId: event.projectId,
    experimentId: event.experimentId ?? null,
    trialId: event.trialId ?? null,
    jobId: event.jobId ?? null,
    kind: event.kind,
    message: event.message,
    data: event.data ?? {},
    at: deps.clock.now(),
  };
  const { projectId, experimentId, id } = stored;
  await insertEvent(tx, stored, [...changes, { projectId, experimentId, kind: 'event', subjectId: id }]);
  return stored;
}

/** Puts a changed row, or several, into the feed that live views follow. */
export async function recordChange(tx: Sql, change: ChangeRow | readonly ChangeRow[]): Promise<void> {
  await insertChanges(tx, isList(change) ? change : [change]);
}

function isList(change: ChangeRow | readonly ChangeRow[]): change is readonly ChangeRow[] {
  return Array.isArray(change);
}
