/**
 * Lists of trials of one experiment or of many: any filter, any order, keyset pages. A page reads what it shows, not the
 * experiment.
 *
 * Postgres cannot know how many trials a filter on params and metrics finds, and a wrong guess reads them all. So it is
 * found out: a short walk fills the page when the filter finds many, a longer one where the first promised it; else the
 * matches are collected, and sorted when they are few; else the walk goes on to the end. Lists that need none of this,
 * since nothing is filtered or few trials are there to be judged, are walked together in one statement.
 */
import type { ExperimentId, TrialId } from '../../domain/ids.js';
import type { Trial } from '../../domain/trial.js';
import type { Sql } from '../database.js';
import { Bound, type ParentCount } from './bound.js';
import { TRIAL_COLUMNS } from './trial.js';
import { afterPosition, LEGS, type Leg, type TrialOrder, type TrialPosition } from './trial-order.js';
import { conditionsOf, isEveryTrial, listedConditions, needsRow, type TrialChoice } from './trial-where.js';
import { ofAll, ofEach, ofOne, ofThese, type TrialParent } from './trial-whose.js';

export interface ListedTrial extends Trial {
  readonly sortRank: 0 | 1 | 2;
  readonly sortAmount: number;
  readonly sortText: string;
}

/** An experiment whose trials are listed. */
export interface ListParent extends TrialParent {
  /** An upper bound of how many trials it has: it decides how they are read, not which. */
  readonly nextNumber: number;
}

export interface ListPage {
  /** Of each list. Ask for one row more than you show. */
  readonly limit: number;
  readonly after: TrialPosition | null;
}

/** Trials that the walks look at: the longer one when the short one found some. */
const SHORT_WALK = 500;
const LONG_WALK = 10_000;
const PROMISING = 4;
/** Matches that are collected and sorted. */
const FEW = 2_000;
/** Trials that are looked up one by one: more are cheaper to find by reading what meets each condition. */
const RARE = 10_000;
/** Lists that are walked one by one at a time: a reply takes a part of the connections, not all. */
const AT_ONCE = 3;

/** One page of each experiment: its trials in order, perhaps more than `limit`. Trusts the caller's authorisation. */
export async function listTrialRows(
  sql: Sql,
  parents: readonly ListParent[],
  choice: TrialChoice,
  order: TrialOrder,
  page: ListPage,
): Promise<ListedTrial[]> {
  // Where nothing is filtered, the last leg of a large list is reached by its cursor only, and so alone.
  const isSimple = ({ nextNumber }: ListParent) =>
    nextNumber <= SHORT_WALK || (isEveryTrial(choice) && parents.length > 1);
  const together = parents.filter(isSimple);
  const apart = parents.filter((parent) => !isSimple(parent));
  const found = together.length === 0 ? [] : [await walkTogether(sql, together, choice, order, page)];
  for (let i = 0; i < apart.length; i += AT_ONCE) {
    const some = apart.slice(i, i + AT_ONCE);
    found.push(...(await Promise.all(some.map((parent) => walkOne(sql, parent, choice, order, page)))));
  }
  return found.flat();
}

/** How many trials of each experiment the choice takes; an experiment without any is left out. */
export async function countTrialRows(
  sql: Sql,
  parents: readonly TrialParent[],
  choice: TrialChoice,
): Promise<ParentCount<ExperimentId>[]> {
  const bound = new Bound();
  const whose = ofThese(bound, parents);
  const conditions = conditionsOf(bound, choice, { whose, meeting: 'hash', id: 't.id' });
  return sql.query<ParentCount<ExperimentId>>(
    `/* trial.count */ SELECT t.experiment_id AS id, count(*) AS n FROM trial t
    WHERE ${[whose.experiment('t.experiment_id'), ...conditions].join(' AND ')} GROUP BY t.experiment_id`,
    bound.values,
  );
}

function legsFrom(order: TrialOrder, after: TrialPosition | null): readonly Leg[] {
  return LEGS[order.by].filter(({ rank }) => after === null || rank >= after.rank);
}

/** Leg by leg, those whose pages are not full yet. */
async function walkTogether(
  sql: Sql,
  parents: readonly ListParent[],
  choice: TrialChoice,
  order: TrialOrder,
  page: ListPage,
): Promise<ListedTrial[]> {
  const rows: ListedTrial[] = [];
  let open = parents;
  for (const leg of legsFrom(order, page.after)) {
    rows.push(...(await readLeg(sql, { parents: open, choice, order, leg, page, among: 'each' })));
    const counts = new Map<ExperimentId, number>();
    for (const { experimentId } of rows) counts.set(experimentId, (counts.get(experimentId) ?? 0) + 1);
    open = open.filter(({ id }) => (counts.get(id) ?? 0) < page.limit);
    if (open.length === 0) break;
  }
  return rows;
}

async function walkOne(
  sql: Sql,
  parent: ListParent,
  choice: TrialChoice,
  order: TrialOrder,
  page: ListPage,
): Promise<ListedTrial[]> {
  const rows: ListedTrial[] = [];
  let few: readonly TrialId[] | null | undefined;
  for (const leg of legsFrom(order, page.after)) {
    const limit = page.limit - rows.length;
    const read = (among: Among) =>
      readLeg(sql, { parents: [parent], choice, order, leg, page: { ...page, limit }, among });
    const takesAll = isEveryTrial(choice) && leg.rest === undefined;
    let found = few === undefined && !takesAll ? await read({ most: SHORT_WALK }) : [];
    if (found.length >= PROMISING && found.length < limit) found = await read({ most: LONG_WALK });
    if (found.length < limit) {
      if (few === undefined) few = await collectFew(sql, parent, choice);
      found = await read(few === null ? 'all' : { ids: few });
    }
    rows.push(...found);
    if (rows.length >= page.limit) break;
  }
  return rows;
}

/**
 * All trials of the choice in any order, null when they are many: found by its rarest condition when that meets few, else
 * by reading once what meets each condition.
 */
async function collectFew(sql: Sql, parent: TrialParent, choice: TrialChoice): Promise<readonly TrialId[] | null> {
  if (isEveryTrial(choice)) return null;
  const sizes = await countListed(sql, parent, choice);
  const rarest = sizes.indexOf(Math.min(...sizes));
  const isRare = rarest >= 0 && (sizes[rarest] ?? 0) <= RARE;
  const bound = new Bound();
  const whose = ofOne(bound, parent);
  // Bound again from the start: all lists, of which one is used; the others stand idle in a WITH.
  const lists = listedConditions(bound, choice, whose);
  const list = lists.map((text, i) => `l${i} AS (${text})`).join(', ');
  const from =
    rarest >= 0
      ? `(SELECT trial_id AS id FROM l${rarest}) w`
      : `(SELECT t.id FROM trial t WHERE ${whose.experiment('t.experiment_id')}) w`;
  const writing = { whose, meeting: isRare ? 'probe' : 'hash', id: 'w.id' } as const;
  const rows = await sql.query<{ id: TrialId }>(
    `/* trial.collect */ ${list === '' ? '' : `WITH ${list}`}
    SELECT w.id FROM ${from} ${isRare && needsRow(choice) ? ROW : ''}
    WHERE ${conditionsOf(bound, choice, writing).join(' AND ')} LIMIT ${bound.add(FEW + 1)}`,
    bound.values,
  );
  return rows.length > FEW ? null : rows.map(({ id }) => id);
}

/** How many trials meet each of the choice's listed conditions, up to one more than are rare. */
async function countListed(sql: Sql, parent: TrialParent, choice: TrialChoice): Promise<readonly number[]> {
  const bound = new Bound();
  const lists = listedConditions(bound, choice, ofOne(bound, parent));
  if (lists.length === 0) return [];
  const most = bound.add(RARE + 1);
  const counts = lists.map((list, i) => `(SELECT count(*)::int FROM (${list} LIMIT ${most}) l) AS n${i}`);
  const [row = {}] = await sql.query<Record<string, number>>(
    `/* trial.rarity */ SELECT ${counts.join(', ')}`,
    bound.values,
  );
  return lists.map((_, i) => row[`n${i}`] ?? 0);
}

/**
 * Which trials of a leg to look at: the first ones, those collected (which meet the choice), all, or those of each of
 * several experiments.
 */
type Among = { readonly most: number } | { readonly ids: readonly TrialId[] } | 'all' | 'each';

interface LegRead {
  readonly parents: readonly TrialParent[];
  readonly choice: TrialChoice;
  readonly order: TrialOrder;
  readonly leg: Leg;
  readonly page: ListPage;
  readonly among: Among;
}

/** The trial of a walk's row, one look-up each: the OFFSET keeps Postgres from making a join of it. */
const ROW = 'CROSS JOIN LATERAL (SELECT * FROM trial t WHERE t.id = w.id OFFSET 0) t';

function readLeg(sql: Sql, { parents, choice, order, leg, page, among }: LegRead): Promise<ListedTrial[]> {
  const bound = new Bound();
  const [only] = parents;
  const isOne = parents.length === 1 && only !== undefined;
  const walked = isOne ? ofOne(bound, only) : ofEach(bound);
  const isDescending = order.direction === 'DESC' && leg.rank !== 2;
  const direction = isDescending ? 'DESC' : 'ASC';
  const sorted = (key: string, id: string) => `${key} ${direction}${leg.hasTies ? `, ${id} ${direction}` : ''}`;
  const after = page.after?.rank === leg.rank ? page.after : null;

  const on = [leg.on(bound, walked, order.key)];
  if (after !== null) on.push(afterPosition(bound, leg, after, isDescending));
  const isCollected = typeof among === 'object' && 'ids' in among;
  if (isCollected) on.push(`${leg.id} = ANY (${bound.add(among.ids)}::uuid[])`);
  const most = typeof among === 'object' && 'most' in among ? `LIMIT ${bound.add(among.most)}` : '';
  const walk = `SELECT ${leg.id} AS id, ${leg.key} AS key FROM ${leg.table} WHERE ${on.join(' AND ')}
      ORDER BY ${sorted(leg.key, leg.id)} ${most}`;

  const writing = {
    whose: isOne ? walked : ofAll(bound, parents),
    meeting: among === 'all' ? 'hash' : 'probe',
    id: 'w.id',
  } as const;
  const conditions = isCollected ? [] : [...conditionsOf(bound, choice, writing)];
  const row = conditions.length > 0 && writing.meeting === 'probe' && needsRow(choice) ? ROW : '';
  if (leg.rest !== undefined) conditions.push(leg.rest(bound, writing, order.key));
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const shown = `SELECT w.id, w.key FROM (${walk}) w ${row} ${where} ORDER BY ${sorted('w.key', 'w.id')} LIMIT ${bound.add(page.limit)}`;

  const amount = leg.rank === 0 ? (leg.shown ?? 'w.key') : '0::float8';
  const text = leg.rank === 1 ? (leg.shown ?? 'w.key') : `''`;
  const from = isOne ? `(${shown}) w` : `${parentRows(bound, parents)} CROSS JOIN LATERAL (${shown}) w`;
  return sql.query<ListedTrial>(
    `/* trial.list */
    SELECT ${TRIAL_COLUMNS}, ${leg.rank} AS "sortRank", ${amount} AS "sortAmount", ${text} AS "sortText"
    FROM ${from} ${ROW} ORDER BY ${sorted('w.key', 'w.id')}`,
    bound.values,
  );
}

/** A row `parent` per experiment, as `ofEach` takes it. */
function parentRows(bound: Bound, parents: readonly TrialParent[]): string {
  const ids = bound.add(parents.map(({ id }) => id));
  const projects = bound.add(parents.map(({ projectId }) => projectId));
  return `unnest(${ids}::uuid[], ${projects}::uuid[]) AS parent (id, project_id)`;
}
