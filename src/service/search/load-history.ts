/**
 * An experiment as samplers and pruners see it. Trials that have ended never change, nor do those that are paused until they are
 * resumed, so they are kept in memory, and a history costs what is open and new; what is kept can be read again, and every server arrives at the same history.
 */
import type { Search, SearchRevision } from '../../domain/experiment.js';
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import { isPaused, isTrialFinished } from '../../domain/lifecycle.js';
import { fitted, type History, type HistoryTrial, type Revision } from '../../search/history.js';
import type { SearchSpace } from '../../search/space/parameter.js';
import { parseSpace } from '../../search/space/parse-space.js';
import type { Database, Sql } from '../../store/database.js';
import {
  countHistoryTrials,
  type HistoryRow,
  listHistoryTrials,
  listReports,
  type ReportColumns,
  stampReports,
} from '../../store/queries/history.js';
import { listRevisions } from '../../store/queries/search-revision.js';
import { listWarmTrials, type WarmTrialRow } from '../../store/queries/warm-trial.js';
import { excesses } from '../trial/objective-value.js';

/** Experiments whose ended trials are remembered, and how many reports of them: some 120 MB. */
const MOST = { experiments: 50, reports: 5_000_000 } as const;

/** The ended trials of one experiment, as they were read: the same objects each time, by which others tell what they know. */
interface Known {
  readonly revision: number;
  readonly space: SearchSpace;
  readonly revisions: readonly Revision[] | null;
  /** Trials of other experiments. */
  readonly warm: readonly Placed[];
  readonly trials: Map<TrialId, Placed>;
  /** Trials that are paused, and how often they have been: thousands may be, for long. */
  readonly paused: Map<TrialId, { readonly pauses: number; readonly placed: Placed }>;
  /** Every trial that ended up to here is in it: ends are committed in the order of the sequence. */
  sequence: number;
  reports: number;
}

/** A trial, and whether it is legal in the space as it is now. */
interface Placed {
  readonly trial: HistoryTrial;
  readonly isInside: boolean;
}

const memory = new WeakMap<Database, Map<ExperimentId, Known>>();

/** The history as committed, with every report there is. */
export function loadHistory(
  sql: Sql,
  database: Database,
  experimentId: ExperimentId,
  search: Search,
): Promise<History> {
  return load(sql, database, experimentId, search, { unseen: true });
}

/**
 * The history for a decision that replay must find again, such as a proposal: what is in it is what `historyAt` shows of it.
 * Call with the experiment locked.
 */
export async function loadHistoryToDecide(
  tx: Sql,
  database: Database,
  experimentId: ExperimentId,
  search: Search,
): Promise<History> {
  await stampReports(tx, experimentId, null);
  return load(tx, database, experimentId, search, { unseen: false });
}

async function load(
  sql: Sql,
  database: Database,
  experimentId: ExperimentId,
  search: Search,
  options: { readonly unseen: boolean },
): Promise<History> {
  const known = await knownOf(sql, database, experimentId, search);
  const rows = await listHistoryTrials(sql, experimentId, known.sequence);
  const wanted = rows.filter((row) => pausedAsBefore(known, row) === null);
  const reports = await readReports(sql, wanted, options);
  const open: Placed[] = [];
  for (const row of rows) {
    // Another request may have learnt of its end meanwhile.
    if (known.trials.has(row.id)) continue;
    const placed = pausedAsBefore(known, row) ?? place(known.space, search, row, reports.get(row.id) ?? NONE);
    if (isTrialFinished(row.state)) remember(known, row, placed);
    else open.push(placed);
    if (isPaused(row)) known.paused.set(row.id, { pauses: row.pausedAt.length, placed });
    else known.paused.delete(row.id);
  }
  forgetOthers(database);
  const all = [...known.warm, ...known.trials.values(), ...open].sort((a, b) => a.trial.number - b.trial.number);
  const outside = all.filter(({ isInside }) => !isInside).map(({ trial }) => trial);
  return {
    seed: search.seed,
    space: known.space,
    directions: search.objectives.map(({ goal }) => goal),
    ...budgetOf(search),
    ...(search.replicates === null ? {} : { replicates: search.replicates }),
    trials: all.filter(({ isInside }) => isInside).map(({ trial }) => trial),
    ...(outside.length === 0 ? {} : { outside }),
    ...(known.revisions === null ? {} : { revisions: known.revisions }),
  };
}

function budgetOf({ budget: { maxTrials } }: Pick<Search, 'budget'>): Pick<History, 'budget'> {
  return maxTrials === null ? {} : { budget: maxTrials };
}

/** What is remembered of the experiment; nothing when a trial of it was deleted since, or the search was revised. */
async function knownOf(sql: Sql, database: Database, experimentId: ExperimentId, search: Search): Promise<Known> {
  const experiments = memory.get(database) ?? new Map<ExperimentId, Known>();
  memory.set(database, experiments);
  const before = experiments.get(experimentId);
  const [size, sequence] = [before?.trials.size ?? 0, before?.sequence ?? 0];
  const isSound =
    before !== undefined &&
    (before.revision === search.revision || isSameSpace(before.space, search)) &&
    (size === 0 || (await countHistoryTrials(sql, experimentId, sequence)) === size);
  const known = isSound ? await inForce(sql, experimentId, search, before) : await nothingOf(sql, experimentId, search);
  // The least recently used experiment comes first.
  experiments.delete(experimentId);
  experiments.set(experimentId, known);
  return known;
}

function isSameSpace(space: SearchSpace, search: Search): boolean {
  return JSON.stringify(space) === JSON.stringify(parseSpace(search.space));
}

/** What is known still holds when nothing but the budget was revised since, and trials of others were adopted. */
async function inForce(sql: Sql, experimentId: ExperimentId, search: Search, before: Known): Promise<Known> {
  const known =
    before.warm.length === search.warmTrials
      ? before
      : { ...before, warm: await warmOf(sql, experimentId, search, before.space) };
  if (known.revision === search.revision) return known;
  return { ...known, revision: search.revision, revisions: await revisionsOf(sql, experimentId, search) };
}

async function warmOf(
  sql: Sql,
  experimentId: ExperimentId,
  search: Search,
  space: SearchSpace,
): Promise<readonly Placed[]> {
  if (search.warmTrials === 0) return [];
  return (await listWarmTrials(sql, experimentId)).map((row) => placeWarm(space, search, row));
}

async function revisionsOf(sql: Sql, experimentId: ExperimentId, search: Search): Promise<readonly Revision[] | null> {
  return search.revision === 1 ? null : (await listRevisions(sql, [experimentId])).map(revisionOf);
}

async function nothingOf(sql: Sql, experimentId: ExperimentId, search: Search): Promise<Known> {
  const space = parseSpace(search.space);
  const warm = await warmOf(sql, experimentId, search, space);
  return {
    revision: search.revision,
    space,
    warm,
    revisions: await revisionsOf(sql, experimentId, search),
    trials: new Map(),
    paused: new Map(),
    sequence: 0,
    reports: warm.reduce((sum, { trial }) => sum + trial.reports.length, 0),
  };
}

function revisionOf(revision: SearchRevision): Revision {
  return { from: revision.fromSequence, space: parseSpace(revision.space), ...budgetOf(revision) };
}

/** A trial that is paused as when it was last read, which nothing can have changed since; else null. */
function pausedAsBefore({ paused }: Known, row: HistoryRow): Placed | null {
  const before = paused.get(row.id);
  return before !== undefined && isPaused(row) && before.pauses === row.pausedAt.length ? before.placed : null;
}

function remember(known: Known, row: HistoryRow, placed: Placed): void {
  known.trials.set(row.id, placed);
  known.sequence = Math.max(known.sequence, row.endedSequence ?? 0);
  known.reports += placed.trial.reports.length;
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

async function readReports(
  sql: Sql,
  rows: readonly HistoryRow[],
  options: { readonly unseen: boolean },
): Promise<ReadonlyMap<TrialId, Columns>> {
  if (rows.length === 0) return new Map();
  const read = await listReports(
    sql,
    rows.map((row) => row.id),
    options,
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

/**
 * Of one that the search began with the number is the position too: all of it was there before anything was asked here,
 * where nobody proposed it. One that was adopted later is known from there on.
 */
function placeWarm(space: SearchSpace, search: Search, row: WarmTrialRow): Placed {
  const { number, adoptedAt, seconds } = row;
  const position = adoptedAt ?? number;
  return fit(space, {
    number,
    params: row.params,
    state: row.state,
    steps: Float64Array.from(row.steps),
    reports: Float64Array.from(row.reports),
    reportedAt: Float64Array.from(row.reports, () => position),
    by: 'user',
    askedAt: position,
    endedAt: position,
    ...worthOf(search, row),
    ...(seconds === null ? {} : { seconds }),
  });
}

function place(space: SearchSpace, search: Search, row: HistoryRow, columns: Columns): Placed {
  return fit(space, {
    number: row.number,
    params: row.params,
    state: row.state,
    ...columns,
    by: row.proposedBy,
    askedAt: row.askedAt,
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...worthOf(search, row),
    ...(row.endedSequence === null ? {} : { endedAt: row.endedSequence }),
    ...(row.seconds === null ? {} : { seconds: row.seconds }),
    ...lineageOf(row),
  });
}

/** When it was paused and resumed, and whose checkpoint it began with; most trials never were, and began with none. */
function lineageOf({
  pausedAt,
  resumedAt,
  parentNumber,
}: HistoryRow): Pick<HistoryTrial, 'pausedAt' | 'resumedAt' | 'parent'> {
  return {
    ...(pausedAt.length === 0
      ? {}
      : { pausedAt: Float64Array.from(pausedAt), resumedAt: Float64Array.from(resumedAt) }),
    ...(parentNumber === null ? {} : { parent: parentNumber }),
  };
}

/** What samplers know of how good it was: one value per objective, and by how much each bound is exceeded. */
function worthOf(
  { metricConstraints }: Search,
  { state, value, objectiveValues, constraintValues }: Worth,
): Pick<HistoryTrial, 'values' | 'constraints'> {
  const values = objectiveValues ?? (value === null ? null : [value]);
  const isBounded = constraintValues !== null && metricConstraints.length > 0;
  return {
    ...(state === 'COMPLETED' && values !== null ? { values } : {}),
    ...(isBounded ? { constraints: excesses(metricConstraints, constraintValues) } : {}),
  };
}

type Worth = Pick<HistoryRow, 'state' | 'value' | 'objectiveValues' | 'constraintValues'>;

function fit(space: SearchSpace, asked: HistoryTrial): Placed {
  const { trials, outside } = fitted(space, [asked]);
  return { trial: trials[0] ?? outside[0] ?? asked, isInside: trials.length === 1 };
}
