import { describe, expect, it } from 'vitest';
import { GroupCommit, type GroupCommitOptions } from '../../../src/store/streams/group-commit.js';

interface Item {
  readonly key: string;
  readonly n: number;
}

describe('group commit', () => {
  it('writes a lone item at once, and gathers those that come while it is written', async () => {
    const { commit, groups, release } = court();

    const done = [commit.add(item('a', 1))];
    await tick();
    done.push(commit.add(item('b', 1)), commit.add(item('c', 1)));
    await tick(5);
    release();
    await Promise.all(done);

    expect(groups).toEqual([['a1'], ['b1', 'c1']]);
  });

  it('never has two items of one key in flight, and keeps their order', async () => {
    const { commit, groups, release } = court();

    const done = [1, 2, 3].map((n) => commit.add(item('a', n)));
    done.push(commit.add(item('b', 1)));
    release();
    await Promise.all(done);

    expect(groups.flat().filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(groups.every((group) => group.filter((name) => name.startsWith('a')).length <= 1)).toBe(true);
  });

  it('lets no item overtake a heavy one of its key', async () => {
    const { commit, groups, release } = court({ maxGroupWeight: 10 });

    const done = [commit.add(item('x', 8)), commit.add(item('a', 9)), commit.add(item('a', 1))];
    release();
    await Promise.all(done);

    expect(groups.flat()).toEqual(['x8', 'a9', 'a1']);
  });

  it('refuses at once when too much waits', async () => {
    const { commit, release } = court({ maxWaitingItems: 2 });
    const done = ['a', 'b'].map((key) => commit.add(item(key, 1)));

    const refused = commit.add(item('c', 1));

    await expect(refused).rejects.toMatchObject({ code: 'OVERLOADED' });
    release();
    await Promise.all(done);
    await expect(commit.add(item('d', 1))).resolves.toBe('d1');
  });

  it('fails the items of a group whose writer throws, and goes on', async () => {
    const { commit, release } = court({}, (items) => items.some(({ key }) => key === 'bad'));
    release();

    const results = await Promise.allSettled([commit.add(item('bad', 1)), commit.add(item('a', 1))]);

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(commit.add(item('a', 2))).resolves.toBe('a2');
  });

  it('writes what waits when closed, then refuses', async () => {
    const { commit, groups, release } = court({ maxInFlight: 1 });
    const done = ['a', 'a', 'b'].map((key, i) => commit.add(item(key, i)));

    release();
    await commit.close();

    await Promise.all(done);
    expect(groups.flat().sort()).toEqual(['a0', 'a1', 'b2']);
    await expect(commit.add(item('c', 1))).rejects.toMatchObject({ code: 'OVERLOADED' });
  });
});

function item(key: string, n: number): Item {
  return { key, n };
}

function court(
  change: Partial<GroupCommitOptions<Item, string>> = {},
  fails: (items: readonly Item[]) => boolean = () => false,
) {
  const groups: string[][] = [];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const commit = new GroupCommit<Item, string>({
    write: async (items) => {
      groups.push(items.map(({ key, n }) => `${key}${n}`));
      await gate;
      if (fails(items)) throw new Error('broken');
      return items.map(({ key, n }) => ({ result: `${key}${n}` }));
    },
    keyOf: ({ key }) => key,
    weightOf: ({ n }) => n,
    maxInFlight: 2,
    gatherMs: 1,
    maxGroupItems: 100,
    maxGroupWeight: 1_000,
    maxWaitingItems: 100,
    maxWaitingWeight: 10_000,
    ...change,
  });
  return { commit, groups, release };
}

function tick(ms = 1): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
