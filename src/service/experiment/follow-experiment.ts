import { PlatformError } from '../../domain/errors.js';
import type { Event } from '../../domain/event.js';
import type { Experiment } from '../../domain/experiment.js';
import type { ArtifactId, EventId, ExperimentId, TrainingJobId, TrialId } from '../../domain/ids.js';
import type { Principal } from '../../domain/roles.js';
import type { TrainingJob } from '../../domain/training-job.js';
import type { Trial } from '../../domain/trial.js';
import {
  type Change,
  changeHorizon,
  decodeChangeCursor,
  encodeChangeCursor,
  type FeedPosition,
  readChanges,
} from '../../store/changes.js';
import type { ChangeKind } from '../../store/queries/event.js';
import { loadArtifacts } from '../artifact/load-artifacts.js';
import { requireRole } from '../authorize.js';
import type { Deps } from '../deps.js';
import { loadEvents } from '../event/load-events.js';
import { loadTrainingJobs } from '../job/load-training-jobs.js';
import { loadTrials } from '../trial/load-trials.js';
import { bestTrials, loadExperiments } from './load-experiments.js';

/** How long a lost wake-up can delay a change. */
const POLL_MS = 2_000;
/** A wake-up may come before the feed's horizon passes its change: an older transaction is still open. */
const FIRST_RETRY_MS = 20;
const MIN_INTERVAL_MS = 250;
const CHANGES_PER_DELTA = 1_000;

export interface FollowExperimentInput {
  readonly experimentId: ExperimentId;
  /** A cursor of an earlier delta; absent: begins with the experiment as it is, without a list of trials. */
  readonly after?: string | null | undefined;
  /** At most one delta in this time; default 250 ms. */
  readonly minIntervalMs?: number | undefined;
  /** Who the caller is now: asked before every read. @throws when it may no longer. */
  readonly recheck?: (() => Promise<Principal>) | undefined;
}

/** What changed since the cursor before, once each, as it is now. What was deleted since is not in the lists. */
export interface ExperimentDelta {
  readonly cursor: string;
  readonly experiment: Experiment;
  readonly trials: readonly Trial[];
  readonly jobs: readonly TrainingJob[];
  readonly events: readonly Event[];
  readonly bestTrial: Trial | null;
}

/**
 * Changes of an experiment, its trials, jobs and events as they are committed. Nothing is missed between deltas, nor
 * after a reconnect with the last cursor. Ends when `signal` aborts.
 * @throws NOT_FOUND also when the experiment is deleted, FORBIDDEN, CURSOR_INVALID, CURSOR_EXPIRED
 */
export async function* followExperiment(
  deps: Deps,
  principal: Principal,
  input: FollowExperimentInput,
  signal: AbortSignal,
): AsyncGenerator<ExperimentDelta, void, undefined> {
  const { experimentId, minIntervalMs = MIN_INTERVAL_MS, recheck } = input;
  const caller = async () => (recheck === undefined ? principal : recheck());
  const subscription = deps.wakeups.subscribe([`experiment:${experimentId}`]);
  try {
    await currentExperiment(deps, await caller(), experimentId);
    let position = await startOf(deps, input);
    if (!isGiven(input.after)) yield await deltaOf(deps, await caller(), experimentId, [], position);
    let waitMs = POLL_MS;
    while (!signal.aborted) {
      const now = await caller();
      const startedMs = deps.clock.monotonicMs();
      const page = await readChanges(deps.database.read, { experimentId, cursor: position, limit: CHANGES_PER_DELTA });
      position = page.next;
      if (page.changes.length > 0) {
        yield await deltaOf(deps, now, experimentId, page.changes, position);
        const pauseMs = startedMs + minIntervalMs - deps.clock.monotonicMs();
        if (pauseMs > 0 && !signal.aborted) await deps.clock.sleep(pauseMs, signal);
        waitMs = POLL_MS;
      }
      if (page.hasMore || signal.aborted) continue;
      const waitedMs = await timed(deps, () => subscription.wait(waitMs, signal));
      waitMs = waitedMs < waitMs ? FIRST_RETRY_MS : Math.min(POLL_MS, waitMs * 2);
    }
  } finally {
    subscription.close();
  }
}

function isGiven(after: string | null | undefined): after is string {
  return after !== null && after !== undefined;
}

function startOf(deps: Deps, { experimentId, after }: FollowExperimentInput): Promise<FeedPosition> {
  if (!isGiven(after)) return changeHorizon(deps.database.read);
  return Promise.resolve(decodeChangeCursor(experimentId, after, deps.clock.now(), deps.dayMs));
}

async function currentExperiment(deps: Deps, principal: Principal, id: ExperimentId): Promise<Experiment> {
  const [experiment] = await loadExperiments(deps, principal, [id]);
  if (experiment === null || experiment === undefined)
    throw new PlatformError('NOT_FOUND', `there is no experiment ${id}`);
  requireRole(principal, 'viewer', experiment.projectId);
  return experiment;
}

async function deltaOf(
  deps: Deps,
  principal: Principal,
  experimentId: ExperimentId,
  changes: readonly Change[],
  position: FeedPosition,
): Promise<ExperimentDelta> {
  const artifacts = await loadArtifacts(deps, principal, idsOf<ArtifactId>(changes, 'artifact'));
  const trialIds = new Set([...idsOf<TrialId>(changes, 'trial'), ...present(artifacts).map(({ trialId }) => trialId)]);
  const [experiment, trials, jobs, events, [best]] = await Promise.all([
    currentExperiment(deps, principal, experimentId),
    loadTrials(deps, principal, [...trialIds]),
    loadTrainingJobs(deps, principal, idsOf<TrainingJobId>(changes, 'job')),
    loadEvents(deps, principal, idsOf<EventId>(changes, 'event')),
    bestTrials(deps, principal, [experimentId]),
  ]);
  const cursor = encodeChangeCursor(experimentId, position, deps.clock.now());
  return {
    cursor,
    experiment,
    trials: present(trials),
    jobs: present(jobs),
    events: present(events),
    bestTrial: best ?? null,
  };
}

function idsOf<Id extends string>(changes: readonly Change[], kind: ChangeKind): Id[] {
  return [...new Set(changes.filter((change) => change.kind === kind).map(({ subjectId }) => subjectId as Id))];
}

function present<Row>(rows: readonly (Row | null)[]): Row[] {
  return rows.filter((row): row is Row & NonNullable<Row> => row !== null);
}

async function timed(deps: Deps, work: () => Promise<void>): Promise<number> {
  const startedMs = deps.clock.monotonicMs();
  await work();
  return deps.clock.monotonicMs() - startedMs;
}
