/**
 * An experiment as samplers and pruners see it. Reports of ended trials never change, so they are kept in memory; what is
 * kept can be read again, and every server arrives at the same history.
 */
import type { Search } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { isTrialFinished } from '../../domain/lifecycle.js';
import type { History, HistoryTrial } from '../../search/history.js';
import { completeParams } from '../../search/space/default-params.js';
import type { SearchSpace } from '../../search/space/parameter.js';
import { parseSpace } from '../../search/space/parse-space.js';
import type { Database, Sql } from '../../store/database.js';
import { type HistoryRow, listHistoryTrials, listReports, type ReportColumns } from '../../store/queries/history.js';

/** Experiments whose ended trials are remembered. */
const MOST_EXPERIMENTS = 50;

interface Columns {
  readonly steps: Float64Array; // [n]
  readonly reports: Float64Array; // [n]
  readonly reportedAt: Float64Array; // [n]
}

const memory = new WeakMap<Database, Map<ExperimentId, Map<TrialId, Columns>>>();

/** The history as committed, or as the transaction sees it. Trials that are not legal in the space are left out. */
export async function loadHistory(
  sql: Sql,
  database: Database,
  experimentId: ExperimentId,
  search: Search,
): Promise<History> {
  const space = parseSpace(search.space);
  const rows = await listHistoryTrials(sql, experimentId);
  const known = rememberedOf(database, experimentId);
  const missing = rows.filter((row) => !known.has(row.id));
  const read =
    missing.length === 0
      ? []
      : await listReports(
          sql,
          missing.map((row) => row.id),
        );
  const columns = new Map([...known, ...read.map((report) => [report.trialId, columnsOf(report)] as const)]);
  for (const row of missing) {
    if (isTrialFinished(row.state)) known.set(row.id, columns.get(row.id) ?? NONE);
  }
  return {
    seed: search.seed,
    space,
    directions: [search.objective.goal],
    trials: rows.flatMap((row) => trialOf(space, row, columns.get(row.id) ?? NONE)),
  };
}

const NONE: Columns = { steps: new Float64Array(0), reports: new Float64Array(0), reportedAt: new Float64Array(0) };

function columnsOf(report: ReportColumns): Columns {
  return {
    steps: Float64Array.from(report.steps),
    reports: Float64Array.from(report.values),
    reportedAt: Float64Array.from(report.positions),
  };
}

function trialOf(space: SearchSpace, row: HistoryRow, columns: Columns): HistoryTrial[] {
  const params = completeParams(space, row.params);
  if (params === null) return [];
  return [
    {
      number: row.number,
      params,
      state: row.state,
      ...columns,
      by: row.proposedBy,
      askedAt: row.askedAt,
      ...(row.cause === null ? {} : { cause: row.cause }),
      ...(row.state === 'COMPLETED' && row.value !== null ? { values: [row.value] } : {}),
      ...(row.endedSequence === null ? {} : { endedAt: row.endedSequence }),
    },
  ];
}

/** The least recently used experiment is forgotten first. */
function rememberedOf(database: Database, experimentId: ExperimentId): Map<TrialId, Columns> {
  const experiments = memory.get(database) ?? new Map<ExperimentId, Map<TrialId, Columns>>();
  memory.set(database, experiments);
  const known = experiments.get(experimentId) ?? new Map<TrialId, Columns>();
  experiments.delete(experimentId);
  experiments.set(experimentId, known);
  for (const oldest of experiments.keys()) {
    if (experiments.size <= MOST_EXPERIMENTS) break;
    experiments.delete(oldest);
  }
  return known;
}
