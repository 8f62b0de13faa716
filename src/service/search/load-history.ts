/**
 * An experiment as samplers and pruners see it. Trials that have ended never change, so they are kept in memory, and a history
 * costs what is open and new; what is kept can be read again, and every server arrives at the same history.
 */
import type { Search } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { isTrialFinished } from '../../domain/lifecycle.js';
import type { History, HistoryTrial } from '../../search/history.js';
import { completeParams } from '../../search/space/default-params.js';
import type { SearchSpace } from '../../search/space/parameter.js';
import { parseSpace } from '../../search/space/parse-space.js';
import type { Database, Sql } from '../../store/database.js';
import {
  countHistoryTrials,
  type HistoryRow,
  listHistoryTrials,
  listReports,
  type ReportColumns,
} from '../../store/queries/history.js';

/** Experiments whose ended trials are remembered, and how many reports of them: some 120 MB. */
const MOST = { experiments: 50, reports: 5_000_000 } as const;

/** The ended trials of one experiment, as they were read. */
interface Known {
  readonly space: string;
  /** Null: not legal in the space. */
  readonly trials: Map<TrialId, HistoryTrial | null>;
  /** Every trial that ended up to here is in it: ends are committed in the order of the sequence. */
  sequence: number;
  reports: number;
}

const memory = new WeakMap<Database, Map<ExperimentId, Known>>();

/** The history as committed, or as the transaction sees it. Trials that are not legal in the space are left out. */
export async function loadHistory(
  sql: Sql,
  database: Database,
  experimentId: ExperimentId,
  search: Search,
): Promise<History> {
  const space = parseSpace(search.space);
  const known = await knownOf(sql, database, experimentId, search);
  const rows = await listHistoryTrials(sql, experimentId, known.sequence);
  const reports = await readReports(sql, rows);
  const open: HistoryTrial[] = [];
  for (const row of rows) {
    // Another request may have learnt of its end meanwhile.
    if (known.trials.has(row.id)) continue;
    const trial = trialOf(space, row, reports.get(row.id) ?? NONE);
    if (isTrialFinished(row.state)) remember(known, row, trial);
    else if (trial !== null) open.push(trial);
  }
  forgetOthers(database);
  const ended = [...known.trials.values()].filter((trial) => trial !== null);
  return {
    seed: search.seed,
    space,
    directions: [search.objective.goal],
    trials: [...ended, ...open].sort((a, b) => a.number - b.number),
  };
}

/** What is remembered of the experiment; nothing when a trial of it was deleted since, or the space is another. */
async function knownOf(sql: Sql, database: Database, experimentId: ExperimentId, search: Search): Promise<Known> {
  const experiments = memory.get(database) ?? new Map<ExperimentId, Known>();
  memory.set(database, experiments);
  const space = JSON.stringify(search.space);
  const before = experiments.get(experimentId);
  const [size, sequence] = [before?.trials.size ?? 0, before?.sequence ?? 0];
  const isSound =
    before !== undefined &&
    before.space === space &&
    (size === 0 || (await countHistoryTrials(sql, experimentId, sequence)) === size);
  const known = isSound ? before : { space, trials: new Map(), sequence: 0, reports: 0 };
  // The least recently used experiment comes first.
  experiments.delete(experimentId);
  experiments.set(experimentId, known);
  return known;
}

function remember(known: Known, row: HistoryRow, trial: HistoryTrial | null): void {
  known.trials.set(row.id, trial);
  known.sequence = Math.max(known.sequence, row.endedSequence ?? 0);
  known.reports += trial?.reports.length ?? 0;
}

function forgetOthers(database: Database): void {
  const experiments = memory.get(database) ?? new Map<ExperimentId, Known>();
  let reports = 0;
  for (const known of experiments.values()) reports += known.reports;
  for (const [oldest, known] of experiments) {
    if (experiments.size === 1 || (experiments.size <= MOST.experiments && reports <= MOST.reports)) break;
    experiments.delete(oldest);
    reports -= known.reports;
  }
}

interface Columns {
  readonly steps: Float64Array; // [n]
  readonly reports: Float64Array; // [n]
  readonly reportedAt: Float64Array; // [n]
}

const NONE: Columns = { steps: new Float64Array(0), reports: new Float64Array(0), reportedAt: new Float64Array(0) };

async function readReports(sql: Sql, rows: readonly HistoryRow[]): Promise<ReadonlyMap<TrialId, Columns>> {
  if (rows.length === 0) return new Map();
  const read = await listReports(
    sql,
    rows.map((row) => row.id),
  );
  return new Map(read.map((report) => [report.trialId, columnsOf(report)]));
}

function columnsOf(report: ReportColumns): Columns {
  return {
    steps: Float64Array.from(report.steps),
    reports: Float64Array.from(report.values),
    reportedAt: Float64Array.from(report.positions),
  };
}

/** Null when it is not legal in the space. */
function trialOf(space: SearchSpace, row: HistoryRow, columns: Columns): HistoryTrial | null {
  const params = completeParams(space, row.params);
  if (params === null) return null;
  return {
    number: row.number,
    params,
    state: row.state,
    ...columns,
    by: row.proposedBy,
    askedAt: row.askedAt,
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...(row.state === 'COMPLETED' && row.value !== null ? { values: [row.value] } : {}),
    ...(row.endedSequence === null ? {} : { endedAt: row.endedSequence }),
  };
}
