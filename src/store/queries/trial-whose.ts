/** Whose trials a statement reads: of one experiment, of each of several in turn, or of several at once. */
import type { ExperimentId, ProjectId } from '../../domain/ids.js';
import type { Bound } from './bound.js';

/** An experiment, as its trials are found. */
export interface TrialParent {
  readonly id: ExperimentId;
  readonly projectId: ProjectId;
}

export interface Whose {
  /** That the column is the id of one of the experiments. */
  experiment(column: string): string;
  /** That the column is the id of a metric with this name. */
  metric(column: string, name: string): string;
}

/** One experiment. */
export function ofOne(bound: Bound, parent: TrialParent): Whose {
  const [id, project] = [once(bound, parent.id, 'uuid'), once(bound, parent.projectId, 'uuid')];
  return {
    experiment: (column) => `${column} = ${id()}`,
    metric: (column, name) => `${column} = ${metricOf(project(), bound.add(name))}`,
  };
}

/** The experiment of a row `parent (id, project_id)`, for statements that go through many of them. */
export function ofEach(bound: Bound): Whose {
  return {
    experiment: (column) => `${column} = parent.id`,
    metric: (column, name) => `${column} = ${metricOf('parent.project_id', bound.add(name))}`,
  };
}

/** All of the experiments at once: what is read does not depend on the row at hand. */
export function ofAll(bound: Bound, parents: readonly TrialParent[]): Whose {
  const ids = once(bound, [...new Set(parents.map(({ id }) => id))], 'uuid[]');
  const projects = once(bound, [...new Set(parents.map(({ projectId }) => projectId))], 'uuid[]');
  return {
    experiment: (column) => `${column} = ANY (${ids()})`,
    metric: (column, name) =>
      `${column} = ANY (ARRAY(SELECT k.id FROM metric_key k WHERE k.project_id = ANY (${projects()}) AND k.name = ${bound.add(name)}::text))`,
  };
}

/** What the fewest parameters say. */
export function ofThese(bound: Bound, parents: readonly TrialParent[]): Whose {
  const [only] = parents;
  return parents.length === 1 && only !== undefined ? ofOne(bound, only) : ofAll(bound, parents);
}

/** The id of a metric's name, looked up once per project; null when there is none. */
function metricOf(project: string, name: string): string {
  return `(SELECT k.id FROM metric_key k WHERE k.project_id = ${project} AND k.name = ${name}::text)`;
}

/** What several conditions share is bound when the first of them asks. */
function once(bound: Bound, value: unknown, type: string): () => string {
  let text: string | null = null;
  return () => (text ??= `${bound.add(value)}::${type}`);
}
