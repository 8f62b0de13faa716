/** Lists of experiments: filtered, in any order, by keyset pages; of one project, of many in one statement, or of all that are visible. */
import type { Experiment, ExperimentState } from '../../domain/experiment.js';
import type { ProjectId } from '../../domain/ids.js';
import type { Sql } from '../database.js';
import { Bound, type ParentCount } from './bound.js';
import { EXPERIMENT_COLUMNS } from './experiment.js';
import { joinVisible, type Scope, scopeParameters } from './scope.js';

export interface ExperimentFilter {
  readonly states?: readonly ExperimentState[] | null;
  /** Part of the name or description, in any case. */
  readonly search?: string | null;
}

export interface ExperimentList {
  readonly scope: Scope;
  /** Null: all visible ones, as one list. */
  readonly projectIds: readonly ProjectId[] | null;
  readonly filter: ExperimentFilter;
}

interface OrderedList extends ExperimentList {
  readonly order: ExperimentOrder;
}

export type ExperimentOrderBy = 'CREATED_AT' | 'NAME' | 'STATE';

export interface ExperimentOrder {
  readonly by: ExperimentOrderBy;
  readonly direction: 'ASC' | 'DESC';
}

/** Where a row stands in an order: by its name or state, then its id. */
export interface ExperimentPosition {
  /** Empty in the order of creation, which is that of the ids. */
  readonly text: string;
  readonly id: string;
}

interface ExperimentPage {
  readonly limit: number;
  readonly after: ExperimentPosition | null;
}

const SORTED: Readonly<Record<ExperimentOrderBy, (alias: 'e' | 'l') => readonly string[]>> = {
  CREATED_AT: (alias) => [`${alias}.id`],
  NAME: (alias) => [`${alias}.name`, `${alias}.id`],
  STATE: (alias) => [`${alias}.state`, `${alias}.id`],
};

/** One page of each project, or of all projects together; ask for one row more than you show. */
export async function listExperimentRows(sql: Sql, list: OrderedList, page: ExperimentPage): Promise<Experiment[]> {
  const bound = new Bound();
  const { projectIds, order } = list;
  const visible = visibleBy(bound, list.scope);
  const conditions = filtered(bound, list.filter);
  if (page.after !== null) conditions.push(afterPosition(bound, page.after, order));
  const limit = bound.add(page.limit);
  if (projectIds === null)
    return sql.query<Experiment>(
      `/* experiment.list */ SELECT ${EXPERIMENT_COLUMNS} FROM experiment e ${visible('e.project_id')}
      WHERE ${conditions.join(' AND ')} ORDER BY ${sorted('e', order)} LIMIT ${limit}`,
      bound.values,
    );
  return sql.query<Experiment>(
    `/* experiment.list-by-project */
    SELECT l.* FROM unnest(${bound.add(projectIds)}::uuid[]) AS parent (id) ${visible('parent.id')}
    CROSS JOIN LATERAL (
      SELECT ${EXPERIMENT_COLUMNS} FROM experiment e WHERE e.project_id = parent.id AND ${conditions.join(' AND ')}
      ORDER BY ${sorted('e', order)} LIMIT ${limit}) l
    ORDER BY ${sorted('l', order)}`,
    bound.values,
  );
}

/** How many experiments of each project the filter lets through; a project without any is left out. */
export async function countExperimentRows(sql: Sql, list: ExperimentList): Promise<ParentCount<ProjectId>[]> {
  const bound = new Bound();
  const visible = visibleBy(bound, list.scope);
  const conditions = filtered(bound, list.filter);
  if (list.projectIds !== null) conditions.push(`e.project_id = ANY (${bound.add(list.projectIds)}::uuid[])`);
  return sql.query<ParentCount<ProjectId>>(
    `/* experiment.count */ SELECT e.project_id AS id, count(*) AS n FROM experiment e ${visible('e.project_id')}
    WHERE ${conditions.join(' AND ')} GROUP BY e.project_id`,
    bound.values,
  );
}

function visibleBy(bound: Bound, scope: Scope): (column: string) => string {
  const first = bound.values.length + 1;
  for (const value of scopeParameters(scope)) bound.add(value);
  return (column) => joinVisible(column, first);
}

function filtered(bound: Bound, { states, search }: ExperimentFilter): string[] {
  const conditions = ['true'];
  if (states) conditions.push(`e.state = ANY (${bound.add(states)}::text[])`);
  if (typeof search === 'string') {
    const part = `lower(${bound.add(search)}::text)`;
    conditions.push(`(position(${part} in lower(e.name)) > 0 OR position(${part} in lower(e.description)) > 0)`);
  }
  return conditions;
}

/** Ties by id in the same direction, so that an index serves both when read from either end. */
function sorted(alias: 'e' | 'l', { by, direction }: ExperimentOrder): string {
  const way = direction === 'ASC' ? 'ASC' : 'DESC';
  return SORTED[by](alias)
    .map((column) => `${column} ${way}`)
    .join(', ');
}

function afterPosition(bound: Bound, { text, id }: ExperimentPosition, { by, direction }: ExperimentOrder): string {
  const values = by === 'CREATED_AT' ? [] : [`${bound.add(text)}::text`];
  values.push(`${bound.add(id)}::uuid`);
  return `(${SORTED[by]('e').join(', ')}) ${direction === 'ASC' ? '>' : '<'} (${values.join(', ')})`;
}
