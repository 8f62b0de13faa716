/** Which hyperparameters the trials of an experiment have, and of what kind their values are. */
import type { ExperimentId } from '../../domain/ids.js';
import type { Sql } from '../database.js';

export interface ParamColumn {
  readonly name: string;
  /** Number: every value is a number or missing. Text: some are texts or booleans. */
  readonly kind: 'number' | 'text';
}

/** At most `most`, sorted by code point. A loose index scan: the cost follows the names and not the trials. */
export async function listParamColumns(sql: Sql, experimentId: ExperimentId, most: number): Promise<ParamColumn[]> {
  return sql.query<ParamColumn>(
    `/* trial.param-columns */
    WITH RECURSIVE found AS (
      SELECT (SELECT min(name) FROM trial_param WHERE experiment_id = $1) AS name
      UNION ALL
      SELECT (SELECT min(p.name) FROM trial_param p WHERE p.experiment_id = $1 AND p.name > f.name) FROM found f WHERE f.name IS NOT NULL),
    listed AS (SELECT name FROM found WHERE name IS NOT NULL LIMIT $2)
    SELECT l.name, CASE WHEN EXISTS (
      SELECT 1 FROM trial_param p WHERE p.experiment_id = $1 AND p.name = l.name AND p.text IS NOT NULL) THEN 'text' ELSE 'number' END AS kind
    FROM listed l ORDER BY l.name COLLATE "C"`,
    [experimentId, most],
  );
}
