import { beforeEach, describe, expect, it } from 'vitest';
import { isPlatformError } from '../../src/domain/errors.js';
import { encodeCursor, type PageInput } from '../../src/service/page.js';
import { onlyPage, pagesByParent } from '../../src/service/pages-by-parent.js';
import { codeOf } from '../support/builders.js';

interface Row {
  readonly of: string;
  readonly n: number;
}

const rows: readonly Row[] = ['a', 'a', 'a', 'b'].map((of, n) => ({ of, n }));

let reads: { parents: readonly string[]; limit: number }[];
let counts: (readonly string[])[];
beforeEach(() => {
  reads = [];
  counts = [];
});

function pagesOf(parents: readonly string[], input: PageInput, nameOf = (parent: string) => `rows:${parent}`) {
  return pagesByParent<string, Row>(parents, input, {
    nameOf,
    read: async (asked, { limit, after }) => {
      reads.push({ parents: asked, limit });
      const start = after === null ? 0 : Number(after[0]) + 1;
      return asked.flatMap((parent) => rows.filter(({ of, n }) => of === parent && n >= start).slice(0, limit));
    },
    parentOf: (row) => row.of,
    positionOf: (row) => [row.n],
    count: async (asked) => {
      counts.push(asked);
      return [{ id: 'a', n: 3 }].filter(({ id }) => asked.includes(id));
    },
  });
}

describe('pagesByParent', () => {
  it('reads once for all parents, and gives each its own page', async () => {
    const pages = await pagesOf(['a', 'b', 'none'], { first: 2 });
    const shown = ['a', 'b', 'none'].map((parent) => {
      const { items, hasNextPage } = onlyPage([pages.get(parent)!]);
      return { numbers: items.map(({ n }) => n), hasNextPage };
    });

    expect(reads).toEqual([{ parents: ['a', 'b', 'none'], limit: 3 }]);
    expect(shown).toEqual([
      { numbers: [0, 1], hasNextPage: true },
      { numbers: [3], hasNextPage: false },
      { numbers: [], hasNextPage: false },
    ]);
  });

  it('counts once for all parents, when the first is asked', async () => {
    const pages = await pagesOf(['a', 'none'], { first: 1 });
    expect(counts).toEqual([]);

    const totals = await Promise.all([...pages.values()].map((page) => onlyPage([page]).total()));

    expect(totals).toEqual([3, 0]);
    expect(counts).toEqual([['a', 'none']]);
  });

  it('goes on after a cursor in the list that it is of, and refuses it for the others', async () => {
    const after = onlyPage([(await pagesOf(['a'], { first: 1 })).get('a')!]).cursors[0] ?? null;

    const pages = await pagesOf(['b', 'a'], { first: 5, after });

    expect(onlyPage([pages.get('a')!]).items.map(({ n }) => n)).toEqual([1, 2]);
    expect(isPlatformError(pages.get('b')) && pages.get('b')).toMatchObject({ code: 'CURSOR_INVALID' });
    expect(reads.at(-1)?.parents).toEqual(['a']);
  });

  it('goes on in all lists when they share their cursors', async () => {
    const pages = await pagesOf(['a', 'b'], { first: 5, after: encodeCursor('rows', [1]) }, () => 'rows');

    expect([...pages.values()].map((page) => onlyPage([page]).items.length)).toEqual([1, 1]);
  });

  it('reads nothing without a parent to read for', async () => {
    expect((await pagesOf([], { first: 1 })).size).toBe(0);
    await pagesOf(['a'], { first: 1, after: 'nonsense' });

    expect(reads).toEqual([]);
  });

  it.each([
    [0, 'INPUT_INVALID'],
    [201, 'LIMIT_EXCEEDED'],
  ])('refuses a page of %d with %s', async (first, code) => {
    expect(await codeOf(pagesOf(['a'], { first }))).toBe(code);
  });
});
