/** What the trials of a selection have in common: values with counts, ranges, and groups by params. Reads a bounded number of trials, the newest. */
import type { ExperimentId } from '../../domain/ids.js';
import type { FilterField } from '../../domain/trial-filter.js';
import type { Sql } from '../database.js';
import { Bound } from './bound.js';
import { type MetricStat, readField, type TrialSelection, whereSelected } from './trial-where.js';

/** Trials that an answer considers; of more, the newest. */
export const MOST_CONSIDERED = 50_000;
/** Longer texts are left out: they are no values to choose from. */
const LONGEST_TEXT = 512;

export interface FacetValue {
  readonly number: number | null;
  readonly text: string | null;
  readonly count: number;
}

export interface Facet {
  /** Trials that have a value; of tags, the tags of all. */
  readonly known: number;
  readonly distinct: number;
  /** Of finite numbers. */
  readonly min: number | null;
  readonly max: number | null;
  /** The most frequent ones first. */
  readonly values: readonly FacetValue[];
}

/** How many trials the selection has, up to one more than are considered. */
export async function countConsidered(sql: Sql, selection: TrialSelection): Promise<number> {
  const bound = new Bound();
  const [row] = await sql.query<{ n: number }>(
    `/* trial.count-considered */
    SELECT count(*) AS n FROM (SELECT 1 FROM trial t WHERE ${whereSelected(bound, selection)} LIMIT ${bound.add(MOST_CONSIDERED + 1)}) c`,
    bound.values,
  );
  return row?.n ?? 0;
}

export async function readFacet(
  sql: Sql,
  selection: TrialSelection,
  field: FilterField,
  first: number,
): Promise<Facet> {
  interface Row {
    readonly known: number;
    readonly distinct: number;
    readonly min: number | null;
    readonly max: number | null;
    readonly number: number | null;
    readonly text: string | null;
    readonly count: number | null;
  }
  const bound = new Bound();
  const considered = consideredTrials(bound, selection);
  const { join, number, text } = readField(bound, selection, field);
  const rows = await sql.query<Row>(
    `/* trial.facet */
    WITH t AS MATERIALIZED (${considered}),
    v AS (SELECT ${number} AS number, CASE WHEN length(${text}) <= ${LONGEST_TEXT} THEN ${text} END AS text FROM t ${join}),
    g AS MATERIALIZED (SELECT number, text, count(*) AS count FROM v WHERE number IS NOT NULL OR text IS NOT NULL GROUP BY number, text),
    total AS (SELECT coalesce(sum(count), 0)::int AS known, count(*)::int AS distinct,
      min(number) FILTER (WHERE abs(number) < 'Infinity'::float8) AS min,
      max(number) FILTER (WHERE abs(number) < 'Infinity'::float8) AS max FROM g),
    top AS (SELECT * FROM g ORDER BY count DESC, number, text COLLATE "C" LIMIT ${bound.add(first)})
    SELECT total.*, top.number, top.text, top.count FROM total LEFT JOIN top ON true
    ORDER BY top.count DESC, top.number, top.text COLLATE "C"`,
    bound.values,
  );
  const { known = 0, distinct = 0, min = null, max = null } = rows[0] ?? {};
  const values = rows.flatMap(({ number, text, count }) => (count === null ? [] : [{ number, text, count }]));
  return { known, distinct, min, max, values };
}

/** One metric in a group: over its trials whose value is finite. */
export interface GroupMetric {
  readonly key: string;
  readonly count: number;
  /** Null without any, or when one is beyond 1e150. */
  readonly mean: number | null;
  /** Of a sample; null below two, or when one is beyond 1e150. */
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface TrialGroup {
  /** In the order of the params asked for; null where they are missing. Booleans are the texts `true` and `false`. */
  readonly params: readonly (number | string | null)[];
  readonly count: number;
  /** Those that some trial of the group has. */
  readonly metrics: readonly GroupMetric[];
}

export interface GroupQuestion {
  /** Names of params. */
  readonly by: readonly string[];
  readonly metricKeys: readonly string[];
  readonly stat: MetricStat;
  readonly first: number;
}

const STAT_COLUMNS: Readonly<Record<MetricStat, string>> = { LAST: 's.last', MIN: 's.min', MAX: 's.max' };

/** The largest groups, and how many there are. */
export async function readGroups(
  sql: Sql,
  selection: TrialSelection,
  question: GroupQuestion,
): Promise<{ readonly groups: readonly TrialGroup[]; readonly total: number }> {
  interface Row extends GroupMetric {
    readonly group: number;
    readonly size: number;
    readonly total: number;
    readonly params: readonly GroupParam[];
    readonly key: string;
  }
  const bound = new Bound();
  const grouped = groupedTrials(bound, selection, question.by);
  const project = `${bound.add(selection.projectId)}::uuid`;
  const value = STAT_COLUMNS[question.stat];
  const rows = await sql.query<Row>(
    `/* trial.groups */
    WITH ${grouped},
    top AS MATERIALIZED (SELECT *, (count(*) OVER ())::int AS total FROM sized ORDER BY size DESC, g LIMIT ${bound.add(question.first)}),
    wanted AS MATERIALIZED (SELECT k.id, k.name FROM metric_key k WHERE k.project_id = ${project} AND k.name = ANY (${bound.add(question.metricKeys)}::text[])),
    x AS (SELECT top.g, wanted.name, ${value} AS value FROM top JOIN member ON member.g = top.g
      JOIN metric_summary s ON s.trial_id = member.id JOIN wanted ON wanted.id = s.key_id
      WHERE abs(${value}) < 'Infinity'::float8),
    stat AS (SELECT g, name, count(*)::int AS count, min(value) AS min, max(value) AS max,
      CASE WHEN max(abs(value)) < 1e150 THEN avg(value) FILTER (WHERE abs(value) < 1e150) END AS mean,
      CASE WHEN max(abs(value)) < 1e150 THEN stddev_samp(value) FILTER (WHERE abs(value) < 1e150) END AS std FROM x GROUP BY g, name)
    SELECT top.g::int AS "group", top.size, top.total, top.params, stat.name AS key, stat.count, stat.mean, stat.std, stat.min, stat.max
    FROM top LEFT JOIN stat ON stat.g = top.g ORDER BY top.size DESC, top.g, stat.name COLLATE "C"`,
    bound.values,
  );
  const groups = new Map<number, TrialGroup & { metrics: GroupMetric[] }>();
  for (const { group, size, params, total: _total, ...metric } of rows) {
    const known = groups.get(group) ?? {
      params: paramsOf(params),
      count: size,
      metrics: [],
    };
    groups.set(group, known);
    if (metric.key !== null) known.metrics.push(metric);
  }
  return { groups: [...groups.values()], total: rows[0]?.total ?? 0 };
}

/** Names of the params of an experiment's trials: a loose index scan, so that the cost follows the names and not the trials. */
export async function listParamNames(sql: Sql, experimentId: ExperimentId, most: number): Promise<readonly string[]> {
  const rows = await sql.query<{ name: string }>(
    `/* trial.param-names */
    WITH RECURSIVE found AS (
      SELECT (SELECT min(name) FROM trial_param WHERE experiment_id = $1) AS name
      UNION ALL
      SELECT (SELECT min(p.name) FROM trial_param p WHERE p.experiment_id = $1 AND p.name > f.name) FROM found f WHERE f.name IS NOT NULL)
    SELECT name FROM found WHERE name IS NOT NULL LIMIT $2`,
    [experimentId, most],
  );
  return rows.map(({ name }) => name);
}

/** A param as `groupedTrials` gives it: at most one of the two. */
export type GroupParam = readonly [number: string | null, text: string | null];

/** The values that stand for a group. */
export function paramsOf(params: readonly GroupParam[]): (number | string | null)[] {
  return params.map(([number, text]) => (number === null ? text : Number(number)));
}

/**
 * The tables `t` of the trials considered, `member` of their groups `g`, and `sized` of the groups with their params, for a
 * WITH. Without params there is one group, unless there is no trial.
 */
export function groupedTrials(bound: Bound, selection: TrialSelection, by: readonly string[]): string {
  const considered = consideredTrials(bound, selection);
  const joins = by.map(
    (name, i) => `LEFT JOIN trial_param p${i} ON p${i}.trial_id = t.id AND p${i}.name = ${bound.add(name)}::text`,
  );
  // Texts of any length: grouped by their beginning, as they are indexed and shown.
  const texts = by.map((_, i) => `left(p${i}.text, ${LONGEST_TEXT}) COLLATE "C"`);
  const order = by.length === 0 ? '' : `ORDER BY ${by.map((_, i) => `p${i}.number, ${texts[i]}`).join(', ')}`;
  const pairs = by.map((_, i) => `ARRAY[p${i}.number::text, ${texts[i]}]`).join(', ');
  return `t AS MATERIALIZED (${considered}),
    member AS MATERIALIZED (SELECT t.id, dense_rank() OVER (${order}) AS g, ARRAY[${pairs}]::text[] AS params FROM t ${joins.join(' ')}),
    sized AS (SELECT g, count(*)::int AS size, min(params) AS params FROM member GROUP BY g)`;
}

function consideredTrials(bound: Bound, selection: TrialSelection): string {
  const where = whereSelected(bound, selection);
  return `SELECT t.id, t.number, t.name, t.state, t.tags, t.proposed_by, t.value, t.cause, t.created_at, t.started_at, t.ended_at
    FROM trial t WHERE ${where} ORDER BY t.number DESC LIMIT ${bound.add(MOST_CONSIDERED)}`;
}
