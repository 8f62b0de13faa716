/** Which trials each group of a selection has. */
import type { TrialId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { Bound } from './bound.js';
import { type GroupParam, groupedTrials, paramsOf } from './trial-facets.js';
import type { TrialSelection } from './trial-where.js';

export interface GroupMembers {
  /** In the order of the params asked for, as groups of trials show them. */
  readonly params: readonly (number | string | null)[];
  readonly trialIds: readonly TrialId[];
}

/** The `first` largest groups by the params `by`, all trials as one group without any, and how many groups there are. */
export async function readGroupMembers(
  sql: Sql,
  selection: TrialSelection,
  by: readonly string[],
  first: number,
): Promise<{ readonly groups: readonly GroupMembers[]; readonly total: number }> {
  interface Row {
    readonly params: readonly GroupParam[];
    readonly total: number;
    /** One text: an array of as many ids takes the driver long to parse. */
    readonly ids: string;
  }
  const bound = new Bound();
  const grouped = groupedTrials(bound, selection, by);
  const rows = await sql.query<Row>(
    `/* trial.group-members */
    WITH ${grouped},
    top AS MATERIALIZED (SELECT *, (count(*) OVER ())::int AS total FROM sized ORDER BY size DESC, g LIMIT ${bound.add(first)})
    SELECT top.params, top.total, string_agg(member.id::text, ',' ORDER BY member.id) AS ids
    FROM top JOIN member ON member.g = top.g GROUP BY top.g, top.size, top.params, top.total ORDER BY top.size DESC, top.g`,
    bound.values,
  );
  const groups = rows.map(({ params, ids }) => ({ params: paramsOf(params), trialIds: ids.split(',') as TrialId[] }));
  return { groups, total: rows[0]?.total ?? 0 };
}
