/**
 * Pareto fronts of searches with several objectives. Trials that have ended never change, so a front is kept in memory and
 * grows with what has ended since; what is kept can be read again. Never holds the event loop for long.
 */
import { setImmediate } from 'node:timers/promises';
import type { Experiment, Objective } from '../../domain/experiment.js';
import type { ExperimentId } from '../../domain/ids.js';
import { type EndedTrial, type GrowingFront, growFront, NO_FRONT } from '../../search/analysis/growing-front.js';
import type { Database, Sql } from '../../store/database.js';
import { countEnded, type EndedValues, type KnownEnds, listEndedValues } from '../../store/queries/front.js';

interface Known {
  readonly front: GrowingFront;
  /** Every trial that ended up to here is in it. */
  readonly sequence: number;
}

/** Fronts that are kept, and members and entrants in all of them, some 100 MB: the least recently used are let go of. */
const MOST = { fronts: 200, points: 500_000 } as const;
/** Trials that one statement reads, shared by the experiments that are asked for. */
const ROWS = 4_000;
/** Comparisons of points between two turns of the event loop, and trials, since a front may grow with each. */
const STEPS = { comparisons: 100_000, trials: 300 } as const;

const memory = new WeakMap<Database, Map<ExperimentId, Known>>();

/** What a front is of. */
export type Searching = Pick<Experiment, 'id'> & { readonly objectives: readonly Objective[] };

/** The fronts of these experiments as committed, in their order; values are minimised. */
export async function loadFronts(
  sql: Sql,
  database: Database,
  searching: readonly Searching[],
): Promise<readonly GrowingFront[]> {
  if (searching.length === 0) return [];
  const kept = memory.get(database) ?? new Map<ExperimentId, Known>();
  memory.set(database, kept);
  const fronts = new Map(searching.map(({ id }) => [id, kept.get(id) ?? NOTHING] as const));
  for (const { experimentId, n } of await countEnded(sql, endsOf(fronts)))
    if (n !== fronts.get(experimentId)?.front.ended) fronts.set(experimentId, NOTHING);
  await readOn(sql, searching, fronts);
  for (const [id, known] of fronts) {
    kept.delete(id);
    kept.set(id, known);
  }
  forgetOthers(kept, searching.length);
  return searching.map(({ id }) => fronts.get(id)?.front ?? NO_FRONT);
}

const NOTHING: Known = { front: NO_FRONT, sequence: 0 };

function endsOf(fronts: ReadonlyMap<ExperimentId, Known>): KnownEnds[] {
  return [...fronts].map(([experimentId, { sequence }]) => ({ experimentId, sequence }));
}

/** Reads what has ended since, page by page. */
async function readOn(sql: Sql, searching: readonly Searching[], fronts: Map<ExperimentId, Known>): Promise<void> {
  const limit = Math.max(100, Math.floor(ROWS / searching.length));
  let open = searching;
  while (open.length > 0) {
    const ends = open.map(({ id }) => ({ experimentId: id, sequence: fronts.get(id)?.sequence ?? 0 }));
    const rowsOf = new Map<ExperimentId, EndedValues[]>(open.map(({ id }) => [id, []]));
    for (const row of await listEndedValues(sql, ends, limit)) rowsOf.get(row.experimentId)?.push(row);
    for (const one of open)
      fronts.set(one.id, await grown(fronts.get(one.id) ?? NOTHING, one.objectives, rowsOf.get(one.id) ?? []));
    open = open.filter(({ id }) => rowsOf.get(id)?.length === limit);
  }
}

async function grown(known: Known, objectives: readonly Objective[], rows: readonly EndedValues[]): Promise<Known> {
  let { front } = known;
  for (let at = 0; at < rows.length; ) {
    const end = at + Math.max(1, Math.min(STEPS.trials, Math.floor(STEPS.comparisons / (front.members.length + 1))));
    const trials = rows.slice(at, end).map((row) => endedOf(objectives, row));
    front = growFront(front, trials);
    at = end;
    if (at < rows.length) await setImmediate();
  }
  return { front, sequence: rows.at(-1)?.endedSequence ?? known.sequence };
}

function endedOf(objectives: readonly Objective[], row: EndedValues): EndedTrial {
  const values = row.objectiveValues ?? [row.value];
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const counts = row.state === 'COMPLETED' && known.length === objectives.length && (row.violation ?? 0) === 0;
  return { number: row.number, values: counts ? known.map((value, o) => signOf(objectives[o]) * value) : null };
}

/** Times it, smaller is better. */
export function signOf(objective: Objective | undefined): 1 | -1 {
  return objective?.goal === 'maximize' ? -1 : 1;
}

function forgetOthers(kept: Map<ExperimentId, Known>, inUse: number): void {
  let points = 0;
  for (const { front } of kept.values()) points += front.members.length + front.entrants.length;
  for (const [oldest, { front }] of kept) {
    if (kept.size <= inUse || (kept.size <= MOST.fronts && points <= MOST.points)) break;
    kept.delete(oldest);
    points -= front.members.length + front.entrants.length;
  }
}
