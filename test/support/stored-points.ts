/** What the API has of the known points of a trial. */
import { decodeColumn } from '../../sdk/typescript/columns.js';
import { SeriesDocument } from '../../sdk/typescript/generated/operations.js';
import type { Client } from '../../sdk/typescript/index.js';
import { knownKey } from './known-points.js';

export interface Expected {
  readonly trialId: string;
  readonly keys: number;
  /** Most that one series may have. */
  readonly steps: number;
}

/** `[key, step, value]` each. @throws when a series came in buckets: it has more than `steps` points, so some are doubled. */
export async function readPoints(
  client: Client,
  { trialId, keys: count, steps: maxPoints }: Expected,
): Promise<[key: number, step: number, value: number][]> {
  const keys = Array.from({ length: count }, (_, key) => knownKey(key));
  const { series } = await client.request(SeriesDocument, { trialIds: [trialId], keys, maxPoints });
  return series.series.flatMap((one) => {
    if (one.bucketed) throw new Error(`${one.key} of ${trialId} has more than ${maxPoints} points`);
    const values = decodeColumn(one.values);
    const key = keys.indexOf(one.key);
    return Array.from(decodeColumn(one.steps), (step, i): [number, number, number] => [key, step, values[i] as number]);
  });
}
