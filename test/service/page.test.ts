import { describe, expect, it } from 'vitest';
import { checkFirst, decodeCursor, encodeCursor, type Page, pageById } from '../../src/service/page.js';
import { codeOf } from '../support/builders.js';

const ids = Array.from({ length: 5 }, (_, i) => ({ id: `0000000${i}-0000-7000-8000-000000000000` }));

async function read({ limit, afterId }: { limit: number; afterId: string | null }): Promise<{ id: string }[]> {
  return ids.filter(({ id }) => afterId === null || id > afterId).slice(0, limit);
}

describe('pageById', () => {
  it('walks a list to its end without gap or duplicate', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Page<{ id: string }> = await pageById('things', { first: 2, after }, read, async () => ids.length);
      seen.push(...page.items.map(({ id }) => id));
      after = page.cursors.at(-1) ?? null;
      if (!page.hasNextPage) break;
    }

    expect(seen).toEqual(ids.map(({ id }) => id));
  });

  it('has no next page when the list ends with the page', async () => {
    const page = await pageById('things', { first: 5 }, read, async () => 5);

    expect(page.items).toHaveLength(5);
    expect(page.hasNextPage).toBe(false);
  });

  it('counts only when asked', async () => {
    let counted = 0;
    const page = await pageById('things', { first: 1 }, read, async () => ++counted);

    expect(counted).toBe(0);
    expect(await page.total()).toBe(1);
  });

  it.each([
    '',
    'nonsense',
    encodeCursor('others', [ids[0]?.id]),
    encodeCursor('things', ["1' OR true"]),
    encodeCursor('things', []),
  ])('refuses the cursor %j of another list or hand', async (after) => {
    expect(await codeOf(pageById('things', { first: 1, after }, read, async () => 0))).toBe('CURSOR_INVALID');
  });

  it('takes 1 to 200 items a page', () => {
    expect(checkFirst(1)).toBe(1);
    expect(checkFirst(200)).toBe(200);
    expect(() => checkFirst(0)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => checkFirst(1.5)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => checkFirst(201)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});

describe('cursors', () => {
  it('carry a position of several keys', () => {
    expect(decodeCursor('x', encodeCursor('x', ['a', 1.5, null]))).toEqual(['a', 1.5, null]);
  });
});
