/** Summaries as columns: Postgres packs a metric's numbers, so that a page of thousands costs a row per metric to read. */
import type { TrialId } from '../../../domain/ids.js';
import type { MetricSummaryColumns } from '../../../domain/metric.js';
import type { Sql } from '../../database.js';
import { idArray } from '../../streams/arrays.js';

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Packed big-endian doubles, an item per trial that has the metric. */
interface Packed {
  readonly key: string;
  /** Which trials: places in the list, from 1. */
  readonly places: Buffer;
  readonly count: Buffer;
  readonly nonFinite: Buffer;
  readonly first: Buffer;
  readonly last: Buffer;
  readonly min: Buffer;
  readonly max: Buffer;
  readonly sum: Buffer;
}

/** Kept numbers of trials, a row per trial in the order asked. */
export async function readSummaryColumns(
  sql: Sql,
  trialIds: readonly TrialId[],
  keys: readonly string[] | null,
): Promise<readonly MetricSummaryColumns[]> {
  const pack = (value: string) => `string_agg(float8send(coalesce(${value}, 'NaN')), ''::bytea)`;
  const rows = await sql.query<Packed>(
    `/* metric.summary-columns */
SELECT k.name AS key, ${pack('a.place::float8')} AS places, ${pack('s.n')} AS count, ${pack('s.n_nonfinite')} AS "nonFinite",
  ${pack('s.first')} AS first, ${pack('s.last')} AS last, ${pack('s.min')} AS min, ${pack('s.max')} AS max, ${pack('s.sum')} AS sum
FROM unnest($1::uuid[]) WITH ORDINALITY a (id, place) JOIN metric_summary s ON s.trial_id = a.id JOIN metric_key k ON k.id = s.key_id
WHERE $2::text[] IS NULL OR k.name = ANY ($2::text[])
GROUP BY k.name ORDER BY k.name COLLATE "C"`,
    [idArray(trialIds), keys],
  );
  return rows.map((packed) => unpack(packed, trialIds.length));
}

function unpack({ key, places, ...packed }: Packed, length: number): MetricSummaryColumns {
  const column = (bytes: Buffer, missing: number) => {
    const values = new Float64Array(length).fill(missing);
    for (let at = 0; at < places.length; at += BYTES) values[places.readDoubleBE(at) - 1] = bytes.readDoubleBE(at);
    return values;
  };
  const count = column(packed.count, 0);
  const nonFinite = column(packed.nonFinite, 0);
  const sum = column(packed.sum, Number.NaN);
  const mean = sum.map((value, i) => {
    const finite = Number(count[i]) - Number(nonFinite[i]);
    return finite > 0 && Number.isFinite(value) ? value / finite : Number.NaN;
  });
  return {
    key,
    count,
    first: column(packed.first, Number.NaN),
    last: column(packed.last, Number.NaN),
    min: column(packed.min, Number.NaN),
    max: column(packed.max, Number.NaN),
    mean,
  };
}
