/**
 * What a live query of trials reads: which trials were touched since a position, and whether trials meet a filter now.
 *
 * Touched are the trials whose own row changed (the change feed) and those that got points (`metric_stream.moved_tx`).
 * Unlike the change feed, a read goes beyond the oldest open transaction: what it finds there it will find again, and
 * `ahead` names it, so that a reader can tell. A transaction that a read did not see has an id at or after `next`.
 */
import { PlatformError } from '../../domain/errors.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import { expired, type FeedPosition, GENERATION, HORIZON } from '../changes.js';
import type { Sql } from '../database.js';
import { MOVED_BLOCK_BITS } from '../streams/stream-log.js';
import { Bound } from './bound.js';
import { TRIAL_COLUMNS } from './trial.js';
import { type TrialSelection, whereSelected } from './trial-where.js';

export interface Touch {
  readonly trialId: TrialId;
  /** The same for the same change, another one for every further change. */
  readonly mark: string;
  /** Whether the next read will find it again. */
  readonly isAhead: boolean;
}

export interface TouchedTrials {
  /** In any order; a trial may come several times. */
  readonly touches: readonly Touch[];
  /** Where to read on. */
  readonly next: FeedPosition;
}

export interface ReadTouched {
  readonly experimentId: ExperimentId;
  readonly since: FeedPosition;
  /** Touches to read at most, of changes and of streams each; null: all. */
  readonly limit: number | null;
}

/**
 * What was committed since the position. The cost follows what changed.
 * @throws CURSOR_EXPIRED after a failover or restore, NOT_FOUND when the experiment is deleted: its trials go without a word.
 */
export async function readTouched(sql: Sql, { experimentId, since, limit }: ReadTouched): Promise<TouchedTrials> {
  interface Row {
    readonly generation: string;
    readonly horizon: string;
    readonly isThere: boolean;
    readonly trialId: TrialId | null;
    readonly mark: string;
    readonly isAhead: boolean;
  }
  const rows = await sql.query<Row>(
    `/* trial.touched */
    WITH here AS MATERIALIZED (SELECT ${GENERATION} AS generation, ${HORIZON} AS horizon,
      EXISTS (SELECT 1 FROM experiment e JOIN project p ON p.id = e.project_id AND p.organization_id IS NOT NULL WHERE e.id = $1) AS is_there)
    SELECT here.generation, here.horizon::text AS horizon, here.is_there AS "isThere", m.trial_id AS "trialId", m.mark, m.tx >= here.horizon AS "isAhead"
    FROM here LEFT JOIN (
      (SELECT c.subject_id AS trial_id, 'c' || c.id AS mark, c.tx FROM change c
        WHERE c.experiment_id = $1 AND c.tx >= $2::xid8 AND c.kind = 'trial' LIMIT $4)
      UNION ALL
      (SELECT s.trial_id, 'm' || s.id || ':' || s.next_seq, s.moved_tx FROM metric_stream s
        WHERE s.experiment_id = $1 AND s.moved_block >= $3::bigint AND s.moved_tx >= $2::xid8 LIMIT $4)) m ON true`,
    [experimentId, since.tx, String(BigInt(since.tx) >> BigInt(MOVED_BLOCK_BITS)), limit],
  );
  const first = rows[0];
  if (first === undefined) throw new PlatformError('INTERNAL', 'the database gave no horizon');
  if (first.generation !== since.generation) throw expired('the database was restored or failed over');
  if (!first.isThere) throw new PlatformError('NOT_FOUND', `there is no experiment ${experimentId}`);
  const touches = rows.flatMap(({ trialId, mark, isAhead }) => (trialId === null ? [] : [{ trialId, mark, isAhead }]));
  return { touches, next: { generation: first.generation, tx: first.horizon, id: 0 } };
}

/** Numbers of all trials of the selection, in any order. Linear in their number. */
export async function matchingNumbers(sql: Sql, selection: TrialSelection): Promise<number[]> {
  const bound = new Bound();
  const rows = await sql.query<{ number: number }>(
    `/* trial.matching */ SELECT t.number FROM trial t WHERE ${whereSelected(bound, selection)}`,
    bound.values,
  );
  return rows.map(({ number }) => number);
}

export interface JudgedTrial extends Trial {
  /** Whether it is in the selection. */
  readonly matches: boolean;
}

/** Which trials to judge, and all that go on besides. */
export interface ToJudge {
  readonly ids?: readonly TrialId[];
  readonly numbers?: readonly number[];
  readonly withOpen?: boolean;
}

/** The trials as they are now, in any order; those that are gone are left out. */
export async function judgeTrials(
  sql: Sql,
  selection: TrialSelection,
  { ids = [], numbers = [], withOpen = false }: ToJudge,
): Promise<JudgedTrial[]> {
  const bound = new Bound();
  const experiment = `${bound.add(selection.experimentId)}::uuid`;
  const wanted = [
    ...(ids.length > 0 ? [`t.id = ANY (${bound.add(ids)}::uuid[])`] : []),
    ...(numbers.length > 0 ? [`t.number = ANY (${bound.add(numbers)}::int[])`] : []),
    ...(withOpen ? [`(t.state IN ('WAITING', 'RUNNING') AND t.started_at IS NOT NULL AND t.ended_at IS NULL)`] : []),
  ];
  if (wanted.length === 0) return [];
  return sql.query<JudgedTrial>(
    `/* trial.judge */
    SELECT ${TRIAL_COLUMNS}, (${whereSelected(bound, selection, 'probe')}) IS TRUE AS matches
    FROM trial t WHERE t.experiment_id = ${experiment} AND (${wanted.join(' OR ')})`,
    bound.values,
  );
}
