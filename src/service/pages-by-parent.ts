/** The same page of many parents' lists, such as the first trials of each of these experiments: one read, and one count if any. */
import { isPlatformError, PlatformError } from '../domain/errors.js';
import type { ParentCount } from '../store/queries/bound.js';
import { byKey } from './in-order.js';
import { checkFirst, decodeCursor, encodeCursor, type Page, type PageInput, pageOf } from './page.js';

/** What a parent's list answers: its page, or why it has none. */
export type PageOrError<T> = Page<T> | PlatformError;

export interface ListsByParent<ParentId, Row> {
  /** Names a parent's list: a cursor of one is refused by another of a different name. */
  nameOf(parent: ParentId): string;
  /** At most `limit` rows of each parent, after the position in a cursor. One statement. */
  read(parents: readonly ParentId[], page: ReadPage): Promise<readonly Row[]>;
  parentOf(row: Row): ParentId;
  /** What `read` needs to go on after a row. */
  positionOf(row: Row): readonly unknown[];
  /** The length of each parent's whole list; zeros may be left out. One statement. */
  count(parents: readonly ParentId[]): Promise<readonly ParentCount<ParentId>[]>;
}

interface ReadPage {
  readonly limit: number;
  readonly after: readonly unknown[] | null;
}

/**
 * Per parent its page. A cursor that belongs to the list of one parent is CURSOR_INVALID for the others.
 * @throws INPUT_INVALID, LIMIT_EXCEEDED when `first` is not 1..200.
 */
export async function pagesByParent<ParentId extends string, Row>(
  parents: readonly ParentId[],
  input: PageInput,
  lists: ListsByParent<ParentId, Row>,
): Promise<Map<ParentId, PageOrError<Row>>> {
  const limit = checkFirst(input.first) + 1;
  const starts = new Map(parents.map((parent) => [parent, startOf(lists.nameOf(parent), input)]));
  const readable = parents.filter((parent) => !isPlatformError(starts.get(parent)));
  // They share one cursor or none, so they start at the same position.
  const after = (starts.get(readable[0] as ParentId) ?? null) as readonly unknown[] | null;
  const rows = readable.length === 0 ? [] : await lists.read(readable, { limit, after });
  const rowsOf = byKey(readable, rows, lists.parentOf);

  let counts: Promise<ReadonlyMap<ParentId, number>> | null = null;
  const totalOf = async (parent: ParentId): Promise<number> => {
    counts ??= lists.count(readable).then((all) => new Map(all.map(({ id, n }) => [id, n])));
    return (await counts).get(parent) ?? 0;
  };
  const pages = new Map<ParentId, PageOrError<Row>>();
  for (const [parent, start] of starts) if (isPlatformError(start)) pages.set(parent, start);
  for (const [i, parent] of readable.entries()) {
    const cursorOf = (row: Row) => encodeCursor(lists.nameOf(parent), lists.positionOf(row));
    pages.set(
      parent,
      pageOf(rowsOf[i] ?? [], input, cursorOf, () => totalOf(parent)),
    );
  }
  return pages;
}

/** The page of a single parent. @throws what it has instead of one. */
export function onlyPage<T>([page]: readonly PageOrError<T>[]): Page<T> {
  if (page === undefined) throw new PlatformError('NOT_FOUND', 'there is no such list');
  if (isPlatformError(page)) throw page;
  return page;
}

function startOf(list: string, { after }: PageInput): readonly unknown[] | PlatformError | null {
  try {
    return decodeCursor(list, after);
  } catch (error) {
    if (isPlatformError(error)) return error;
    throw error;
  }
}
