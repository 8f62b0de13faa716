/** Holds what the server stores against what the programs say they logged. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeColumn } from '../../sdk/typescript/columns.js';
import { SeriesDocument } from '../../sdk/typescript/generated/operations.js';
import type { Client, SeriesDelta } from '../../sdk/typescript/index.js';

/** One logged number: `attempt key step` and its value. */
export type Points = ReadonlyMap<string, number>;

/** What a trial's programs logged. */
export async function readLedger(directory: string, trialId: string): Promise<Points> {
  const text = await readFile(join(directory, `${trialId}.txt`), 'utf8').catch(() => '');
  const points = new Map<string, number>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [attempt, key, step, value] = line.split(' ');
    points.set(`${attempt} ${key} ${step}`, Number(value));
  }
  return points;
}

/** All stored points of a trial. @throws when one is stored twice. */
export async function readStored(client: Client, trialId: string, keys: readonly string[]): Promise<Points> {
  const { series } = await client.request(SeriesDocument, { trialIds: [trialId], keys: [...keys], maxPoints: 10_000 });
  const points = new Map<string, number>();
  for (const one of series.series) {
    if (one.bucketed) throw new Error(`series ${one.key} came in buckets`);
    collect(points, {
      ...one,
      steps: decodeColumn(one.steps),
      times: decodeColumn(one.times),
      values: decodeColumn(one.values),
    });
  }
  return points;
}

/** Adds a delta's points. @throws when one is there already: nothing may come twice. */
export function collect(points: Map<string, number>, { attempt, key, steps, values }: SeriesDelta, prefix = ''): void {
  steps.forEach((step, i) => {
    const name = `${prefix}${attempt} ${key} ${step}`;
    if (points.has(name)) throw new Error(`${name} came twice`);
    points.set(name, values[i] as number);
  });
}
