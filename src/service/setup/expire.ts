/**
 * Forgets points and lines of trials that ended longer ago than their project keeps them. Summaries, reports, params and
 * artifacts stay. `main/` calls it now and then; several servers may do so at once.
 */
import { findDue, findEmptying, type Kept, markEmptied, markExpired } from '../../store/queries/retention.js';
import type { Deps } from '../deps.js';
import { recordChange } from '../event/record.js';
import { emptyStream, LATER, type Step, stepsFor } from './empty-stream.js';

export interface ExpireOptions {
  /** How long to work, give or take one step. */
  readonly maxMs: number;
}

const AT_ONCE = 100;
const STREAMS = { points: 'metric_stream', logs: 'log_stream' } as const;

/** How many trials lost points or lines. Internal: no principal, for timers. */
export async function expire(deps: Deps, { maxMs }: ExpireOptions): Promise<{ readonly trials: number }> {
  const step = stepsFor(deps, maxMs);
  let trials = 0;
  try {
    for (const kept of ['points', 'logs'] as const) {
      trials += await markDue(deps, step, kept);
      for (let found = await findHidden(deps, kept); found.length > 0; found = await findHidden(deps, kept)) {
        for (const id of found) {
          await emptyStream(step, STREAMS[kept], id);
          await step((tx) => markEmptied(tx, kept, id));
        }
      }
    }
  } catch (error) {
    if (error !== LATER) throw error;
  }
  return { trials };
}

const findHidden = (deps: Deps, kept: Kept): Promise<number[]> => findEmptying(deps.database.read, kept, AT_ONCE);

/** Hides what is due; emptying comes after, since a trial says that its points are gone before the first of them goes. */
async function markDue(deps: Deps, step: Step, kept: Kept): Promise<number> {
  const now = deps.clock.now();
  let marked = 0;
  for (;;) {
    const due = await findDue(deps.database.read, kept, { now, dayMs: deps.dayMs, limit: AT_ONCE });
    for (const trial of due) {
      await step(async (tx) => {
        if (!(await markExpired(tx, kept, trial.id, now))) return;
        const { projectId, experimentId, id: subjectId } = trial;
        await recordChange(tx, { projectId, experimentId, kind: 'trial', subjectId });
        marked++;
      });
    }
    for (const id of new Set(due.map(({ experimentId }) => experimentId))) deps.wakeups.notify(`experiment:${id}`);
    if (due.length < AT_ONCE) return marked;
  }
}
