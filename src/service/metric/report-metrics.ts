import type { TrialId } from '../../domain/ids.js';
import type { ReportOutcome, SeriesColumns, Verdict } from '../../domain/metric.js';
import type { Principal } from '../../domain/roles.js';
import type { AppendResult } from '../../store/metrics/metric-store.js';
import type { Deps } from '../deps.js';
import { experimentMetricsTopic, trialTopic } from './metric-topics.js';
import { requireWritableTrial } from './places.js';
import { verdictAfter } from './verdict-after.js';

export interface ReportMetricsInput {
  readonly trialId: TrialId;
  readonly attempt: number;
  /** One per SDK process. */
  readonly stream: string;
  /** Points of this stream before this batch. */
  readonly seq: number;
  readonly series: readonly SeriesColumns[];
  /** Points that the SDK had to give up since its last batch. */
  readonly dropped?: number | null | undefined;
}

export interface ReportResult {
  readonly outcome: ReportOutcome;
  /** Where the next batch of the stream starts. */
  readonly nextSeq: number;
  readonly verdict: Verdict;
}

/**
 * Stores points of a trial and says whether it should stop. Durable when it resolves; idempotent by
 * (trial, attempt, stream, seq). GAP, CONFLICT and FENCED are results, not errors, and change nothing.
 * @throws NOT_FOUND, FORBIDDEN, INPUT_INVALID, LIMIT_EXCEEDED, OVERLOADED, STORAGE_FULL
 */
export async function reportMetrics(
  deps: Deps,
  principal: Principal,
  input: ReportMetricsInput,
): Promise<ReportResult> {
  const { trialId, attempt, stream, seq, series } = input;
  const { projectId } = await requireWritableTrial(deps, principal, trialId);
  const epoch = principal.kind === 'trial' ? principal.epoch : null;
  const batch = { projectId, trialId, attempt, epoch, stream, seq, series, dropped: input.dropped ?? 0 };
  // A report without points is how a training loop shows that it lives: it needs no room.
  const append = () => deps.metrics.append(batch);
  const result = series.length === 0 ? await append() : await deps.storage.guarded(append);
  wakeFollowers(deps, trialId, result);
  return { outcome: result.outcome, nextSeq: result.nextSeq, verdict: await verdictAfter(deps, trialId, result) };
}

function wakeFollowers(deps: Deps, trialId: TrialId, { outcome, experimentId }: AppendResult): void {
  if (outcome !== 'ACCEPTED' || experimentId === null) return;
  deps.wakeups.notify(trialTopic(trialId));
  deps.wakeups.notify(experimentMetricsTopic(experimentId));
}
