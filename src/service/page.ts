/** Pages of a list: a bounded number of items and the cursor that goes on after the last one. */
import { PlatformError } from '../domain/errors.js';
import { isId } from '../domain/ids.js';

export const MAX_PAGE = 200;

export interface PageInput {
  /** 1..200. */
  readonly first: number;
  /** A cursor of an earlier page of the same list; absent: from the start. */
  readonly after?: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** One per item. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  /** Counts the whole list; asked only when somebody wants to know. */
  total(): Promise<number>;
}

/** What a keyset query needs: one row more than asked for, which tells whether there is a next page. */
export interface Keyset {
  readonly limit: number;
  /** The last id of the page before. */
  readonly afterId: string | null;
}

/**
 * A page of a list that is ordered by id. `list` names the list, so that a cursor of one is refused by another.
 * @throws INPUT_INVALID, LIMIT_EXCEEDED when `first` is not 1..200; CURSOR_INVALID.
 */
export async function pageById<T extends { readonly id: string }>(
  list: string,
  input: PageInput,
  read: (keyset: Keyset) => Promise<readonly T[]>,
  total: () => Promise<number>,
): Promise<Page<T>> {
  const limit = checkFirst(input.first) + 1;
  const position = decodeCursor(list, input.after);
  const rows = await read({ limit, afterId: position === null ? null : idOf(position) });
  return pageOf(rows, input, (row) => encodeCursor(list, [row.id]), total);
}

/** A page from rows that were read with `limit = first + 1`. */
export function pageOf<T>(
  rows: readonly T[],
  input: PageInput,
  cursorOf: (item: T) => string,
  total: () => Promise<number>,
): Page<T> {
  const items = rows.slice(0, input.first);
  return { items, cursors: items.map(cursorOf), hasNextPage: rows.length > input.first, total };
}

/** `first` itself. @throws INPUT_INVALID below 1, LIMIT_EXCEEDED above 200. */
export function checkFirst(first: number): number {
  if (!Number.isInteger(first) || first < 1) throw new PlatformError('INPUT_INVALID', `first must be 1 to ${MAX_PAGE}`);
  if (first > MAX_PAGE)
    throw new PlatformError('LIMIT_EXCEEDED', `first may be at most ${MAX_PAGE}; read on with after`);
  return first;
}

/** Opaque text for a position in the list called `list`: its sort keys, ending with the id. */
export function encodeCursor(list: string, position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([1, list, ...position])).toString('base64url');
}

/** The position in a cursor, null when there is none. @throws CURSOR_INVALID when it is not one of this list. */
export function decodeCursor(list: string, cursor: string | null | undefined): readonly unknown[] | null {
  if (cursor === null || cursor === undefined) return null;
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts[0] !== 1 || parts[1] !== list) throw invalidCursor();
  return parts.slice(2);
}

/** The id that is the whole of a position. @throws CURSOR_INVALID when it is none. */
export function idOf(position: readonly unknown[]): string {
  const id = position[0];
  if (position.length !== 1 || typeof id !== 'string' || !isId(id)) throw invalidCursor();
  return id;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** What a cursor of another list, or no cursor at all, is answered with. */
export function invalidCursor(): PlatformError {
  return new PlatformError('CURSOR_INVALID', 'the cursor does not belong to this list; start without one');
}
