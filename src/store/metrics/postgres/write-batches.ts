/**
 * One transaction for the batches of many trials: judged, stored as segments, added to summaries and reports, each by
 * one statement over arrays. Knows no queue and no retry; a thrown error means that nothing is known to be stored.
 */
import type pg from 'pg';
import type { ExperimentId, TrialId } from '../../../domain/ids.js';
import { UNSEEN } from '../../queries/history.js';
import { idArray, numberArray } from '../../streams/arrays.js';
import {
  type Judged,
  judgeBatches,
  METRIC_STREAMS,
  type NewSegment,
  run,
  type StoredSegment,
  touchTrials,
  writeSegments,
} from '../../streams/stream-log.js';
import type { Sent } from '../../streams/transaction.js';
import type { AppendResult, MetricBatch } from '../metric-store.js';
import { dropLeading, encodeSegment, type KeyedColumns, type StoredRow, samePoints } from './segment-codec.js';
import { SUM_LIMIT, type SummaryPart, summarise } from './summarise.js';

/** A batch whose keys are interned. */
export interface KeyedBatch extends MetricBatch {
  readonly n: number;
  readonly keyed: readonly KeyedColumns[];
}

const UPSERT_SUMMARIES = `/* metric.summary */
INSERT INTO metric_summary AS s (experiment_id, trial_id, key_id, n, n_nonfinite, first, last, last_step, min, min_step, max, max_step, sum)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[],
  $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::float8[]) AS b(experiment_id, trial_id, key_id)
ORDER BY b.trial_id, b.key_id
ON CONFLICT (trial_id, key_id) DO UPDATE SET
  n = s.n + excluded.n, n_nonfinite = s.n_nonfinite + excluded.n_nonfinite, last = excluded.last, last_step = excluded.last_step,
  min = CASE WHEN s.min IS NULL OR excluded.min < s.min THEN excluded.min ELSE s.min END,
  min_step = CASE WHEN s.min IS NULL OR excluded.min < s.min THEN excluded.min_step ELSE s.min_step END,
  max = CASE WHEN s.max IS NULL OR excluded.max > s.max THEN excluded.max ELSE s.max END,
  max_step = CASE WHEN s.max IS NULL OR excluded.max > s.max THEN excluded.max_step ELSE s.max_step END,
  sum = CASE WHEN abs(s.sum) < ${SUM_LIMIT} AND abs(excluded.sum) < ${SUM_LIMIT} THEN s.sum + excluded.sum ELSE 'Infinity'::float8 END`;

const UPSERT_REPORTS = `/* metric.report */
INSERT INTO trial_report AS r (experiment_id, trial_id, attempt, step, value, position)
SELECT b.*, ${UNSEEN} FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::float8[], $5::float8[]) AS b(experiment_id, trial_id, attempt, step, value)
ORDER BY b.trial_id, b.attempt, b.step
ON CONFLICT (trial_id, attempt, step) DO UPDATE SET value = excluded.value WHERE r.position = ${UNSEEN}`;

/** Judges and stores batches of different streams, sorted by (trial, attempt, stream), inside the open transaction of `client`. */
export async function writeBatches(
  client: pg.ClientBase,
  batches: readonly KeyedBatch[],
): Promise<Sent<AppendResult[]>> {
  const judged = await judgeBatches<StoredSegment & StoredRow>(client, METRIC_STREAMS, batches, (i, stored) => {
    const batch = batches[i] as KeyedBatch; // i counts the batches
    return samePoints(batch.keyed, batch.seq, stored);
  });
  const accepted = batches.flatMap((batch, i) => {
    const verdict = judged[i] as Judged;
    return verdict.outcome === 'ACCEPTED' ? [{ batch, ...verdict, fresh: dropLeading(batch.keyed, verdict.skip) }] : [];
  });

  const segments: NewSegment[] = [];
  const summaries = new Map<
    string,
    { experimentId: ExperimentId; trialId: TrialId; keyId: number; part: SummaryPart }
  >();
  const reports = new Map<string, ReportRow>();
  const due: TrialId[] = [];
  const dropped = new Map<TrialId, number>();
  for (const { batch, skip, streamId, fence, fresh } of accepted) {
    if (streamId === null || fence === null) continue; // an accepted batch has both, unless its stream is empty
    if (fence.contactDue) due.push(batch.trialId);
    const n = batch.n - skip;
    if (batch.dropped > 0 && (n > 0 || batch.n === 0))
      dropped.set(batch.trialId, (dropped.get(batch.trialId) ?? 0) + batch.dropped);
    if (n === 0) continue;
    segments.push({ streamId, seq: batch.seq + skip, n, data: encodeSegment(fresh) });
    for (const columns of fresh) {
      const id = `${batch.trialId}/${columns.keyId}`;
      const before = summaries.get(id)?.part ?? null;
      const part = summarise(columns, before);
      if (part !== null)
        summaries.set(id, { experimentId: fence.experimentId, trialId: batch.trialId, keyId: columns.keyId, part });
    }
    const objective = objectiveKey(batch, fence.objective);
    if (objective !== null)
      collectReports(
        reports,
        batch,
        fence.experimentId,
        fresh.filter(({ keyId }) => keyId === objective),
      );
  }

  const writes = [
    ...writeSegments(client, METRIC_STREAMS, segments),
    ...writeSummaries(client, [...summaries.values()]),
    ...writeReports(client, [...reports.values()]),
    ...touchTrials(client, due, dropped),
  ];

  const result = judged.map(({ outcome, nextSeq, fence }, i) => ({
    outcome,
    nextSeq,
    experimentId: fence?.experimentId ?? null,
    touchesObjective: objectiveKey(batches[i] as KeyedBatch, fence?.objective ?? null) !== null,
    stopReason: fence?.stopReason ?? null,
  }));
  return { result, writes };
}

interface ReportRow {
  readonly experimentId: ExperimentId;
  readonly trialId: TrialId;
  readonly attempt: number;
  readonly step: number;
  readonly value: number;
}

function objectiveKey(batch: KeyedBatch, objective: string | null): number | null {
  if (objective === null) return null;
  const i = batch.series.findIndex(({ key, steps }) => key === objective && steps.length > 0);
  return batch.keyed[i]?.keyId ?? null;
}

function collectReports(
  into: Map<string, ReportRow>,
  { trialId, attempt }: KeyedBatch,
  experimentId: ExperimentId,
  series: readonly KeyedColumns[],
): void {
  for (const { steps, values } of series) {
    for (let i = 0; i < steps.length; i++) {
      const step = (steps[i] as number) + 0; // -0 and 0 are one step
      into.set(`${trialId}/${attempt}/${step}`, {
        experimentId,
        trialId,
        attempt,
        step,
        value: values[i] as number,
      });
    }
  }
}

function writeSummaries(
  client: pg.ClientBase,
  rows: readonly { experimentId: ExperimentId; trialId: TrialId; keyId: number; part: SummaryPart }[],
): Promise<unknown>[] {
  if (rows.length === 0) return [];
  const of = (pick: (part: SummaryPart) => number | null) => numberArray(rows.map(({ part }) => pick(part)));
  const values = [
    idArray(rows.map(({ experimentId }) => experimentId)),
    idArray(rows.map(({ trialId }) => trialId)),
    numberArray(rows.map(({ keyId }) => keyId)),
    of((part) => part.n),
    of((part) => part.nNonfinite),
    of((part) => part.first),
    of((part) => part.last),
    of((part) => part.lastStep),
    of((part) => part.min),
    of((part) => part.minStep),
    of((part) => part.max),
    of((part) => part.maxStep),
    of((part) => part.sum),
  ];
  return [run(client, 'metric.summary', UPSERT_SUMMARIES, values)];
}

function writeReports(client: pg.ClientBase, rows: readonly ReportRow[]): Promise<unknown>[] {
  if (rows.length === 0) return [];
  const values = [
    idArray(rows.map(({ experimentId }) => experimentId)),
    idArray(rows.map(({ trialId }) => trialId)),
    numberArray(rows.map(({ attempt }) => attempt)),
    numberArray(rows.map(({ step }) => step)),
    numberArray(rows.map(({ value }) => value)),
  ];
  return [run(client, 'metric.report', UPSERT_REPORTS, values)];
}
