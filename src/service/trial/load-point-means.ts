/** What replicates came to, for the edges of a graph: many trials, one statement. */
import type { Principal } from '../../domain/roles.js';
import type { Trial } from '../../domain/trial.js';
import { type MeanInterval, meanInterval } from '../../search/math/student.js';
import { listPointValues } from '../../store/queries/trial.js';
import type { Deps } from '../deps.js';

/** What says where a trial stands among the trials of its point. The caller has seen it. */
export type PlacedTrial = Pick<Trial, 'experimentId' | 'point'>;

/** Per trial the mean of its point and its 95 % interval; null without replicates, and while no trial there has completed. */
export async function loadPointMeans(
  deps: Deps,
  _principal: Principal,
  trials: readonly PlacedTrial[],
): Promise<(MeanInterval | null)[]> {
  const nameOf = ({ experimentId, point }: PlacedTrial) => `${experimentId}/${point}`;
  const points = new Map(
    trials.flatMap(({ experimentId, point }) =>
      point === null ? [] : [[nameOf({ experimentId, point }), { experimentId, point }] as const],
    ),
  );
  const values = new Map<string, number[]>([...points.keys()].map((name) => [name, []]));
  const rows = points.size === 0 ? [] : await listPointValues(deps.database.read, [...points.values()]);
  for (const row of rows) values.get(nameOf(row))?.push(row.value);
  return trials.map((trial) => {
    const known = values.get(nameOf(trial)) ?? [];
    return known.length === 0 ? null : meanInterval(known);
  });
}
