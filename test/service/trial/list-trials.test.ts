import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import type { Trial } from '../../../src/domain/trial.js';
import { findExperiment } from '../../../src/service/experiment/find-experiment.js';
import { encodeCursor } from '../../../src/service/page.js';
import { finishTrial } from '../../../src/service/trial/finish-trial.js';
import { type ListTrialsInput, listTrials } from '../../../src/service/trial/list-trials.js';
import { startTrial } from '../../../src/service/trial/start-trial.js';
import type { TrialOrderBy } from '../../../src/store/queries/trial-order.js';
import { addExperiment, addOrganization, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { reportLoss } from '../job/queue.js';

let world: World;
let experiment: Experiment;
const VALUES = [1, Number.NaN, -2, null, Infinity, 1, 0.5, -Infinity, 3, null, -0, 1e300];
const MIXED = [1, 'b', true, null, 2.5, 'a', undefined, -1, 'B', false, 1, 'é'];

beforeAll(async () => {
  world = await openWorld();
  for (const [i, value] of VALUES.entries()) {
    const mixed = MIXED[i];
    const { trial } = await startTrial(world.deps, world.admin, {
      project: 'project',
      experiment: 'list',
      params: mixed === undefined ? {} : { mixed },
      tags: i % 2 === 0 ? ['even', 'all'] : ['all'],
    });
    if (value !== null) await reportLoss(world, trial, [7, value]);
    if (i % 3 !== 0)
      await finishTrial(world.deps, world.admin, {
        trialId: trial.id,
        attempt: 1,
        state: i % 3 === 1 ? 'COMPLETED' : 'FAILED',
        value,
      });
  }
  experiment = (await findExperiment(world.deps, world.admin, { path: 'project/list' })) as Experiment;
});
afterAll(() => world.close());

async function readAll(input: Partial<ListTrialsInput>, first: number): Promise<Trial[]> {
  const trials: Trial[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof listTrials>> = await listTrials(world.deps, world.admin, {
      experimentId: experiment.id,
      first,
      after,
      ...input,
    });
    trials.push(...page.items);
    if (!page.hasNextPage) return trials;
    after = page.cursors.at(-1) ?? null;
  }
}

type Key = readonly [rank: number, amount: number, text: string];

function keyOf(trial: Trial, by: TrialOrderBy): Key {
  const amount = (value: number | null | undefined): Key =>
    Number.isFinite(value) ? [0, value as number, ''] : [2, 0, ''];
  const reported = VALUES[trial.number];
  const finite = [7, ...(reported !== null && Number.isFinite(reported) ? [reported as number] : [])];
  switch (by) {
    case 'NUMBER':
      return amount(trial.number);
    case 'STATE':
      return [1, 0, trial.state];
    case 'VALUE':
      return amount(trial.value);
    case 'PARAM': {
      const value = trial.params.mixed;
      if (typeof value === 'number') return amount(value);
      return value === undefined || value === null ? [2, 0, ''] : [1, 0, String(value)];
    }
    case 'METRIC_LAST':
      return amount(reported);
    case 'METRIC_MIN':
      return reported === null ? [2, 0, ''] : amount(Math.min(...finite));
    case 'METRIC_MAX':
      return reported === null ? [2, 0, ''] : amount(Math.max(...finite));
    default:
      throw new Error(by);
  }
}

/** Sorted the plain way. */
function sorted(trials: readonly Trial[], by: TrialOrderBy, direction: 'ASC' | 'DESC'): number[] {
  const sign = direction === 'ASC' ? 1 : -1;
  const compare = <T>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
  return [...trials]
    .sort((a, b) => {
      const [x, y] = [keyOf(a, by), keyOf(b, by)];
      if (x[0] === 2 && y[0] === 2) return a.number - b.number;
      return compare(x[0], y[0]) || sign * (compare(x[1], y[1]) || compare(x[2], y[2]) || compare(a.id, b.id));
    })
    .map((trial) => trial.number);
}

const KEYS: Partial<Record<TrialOrderBy, string>> = {
  PARAM: 'mixed',
  METRIC_LAST: 'loss',
  METRIC_MIN: 'loss',
  METRIC_MAX: 'loss',
};

describe('listTrials', () => {
  it.each(['NUMBER', 'STATE', 'VALUE', 'PARAM', 'METRIC_LAST', 'METRIC_MIN', 'METRIC_MAX'] as const)(
    'turns the pages by %s as sorting everything would',
    async (by) => {
      const all = await readAll({}, 200);
      for (const direction of ['ASC', 'DESC'] as const) {
        for (const first of [1, 2, 5, 200]) {
          const paged = await readAll({ orderBy: { by, key: KEYS[by] ?? null, direction } }, first);
          expect(paged.map((trial) => trial.number)).toEqual(sorted(all, by, direction));
        }
      }
    },
  );

  it.each(['CREATED_AT', 'DURATION'] as const)(
    'turns the pages by %s without gap or repeat, missing last',
    async (by) => {
      for (const direction of ['ASC', 'DESC'] as const) {
        const whole = await readAll({ orderBy: { by, direction } }, 200);
        expect((await readAll({ orderBy: { by, direction } }, 3)).map((trial) => trial.number)).toEqual(
          whole.map((trial) => trial.number),
        );
        expect(new Set(whole.map((trial) => trial.id)).size).toBe(VALUES.length);
        if (by === 'DURATION') expect(whole.slice(-4).every((trial) => trial.endedAt === null)).toBe(true);
      }
    },
  );

  it('keeps to every condition of a filter', async () => {
    const numbers = async (filter: ListTrialsInput['filter']) =>
      (await readAll({ filter: filter ?? null }, 3)).map((trial) => trial.number);

    expect(await numbers({ states: ['RUNNING'] })).toEqual([0, 3, 6, 9]);
    expect(await numbers({ numbers: [4, 2, 99] })).toEqual([2, 4]);
    expect(await numbers({ tags: ['even', 'all'], states: ['COMPLETED'] })).toEqual([4, 10]);
    expect(await numbers({ params: [{ name: 'mixed', op: 'GE', number: 1 }] })).toEqual([0, 4, 10]);
    expect(await numbers({ params: [{ name: 'mixed', op: 'EQ', text: 'true' }] })).toEqual([2]);
    expect(await numbers({ params: [{ name: 'mixed', op: 'NE', text: 'b' }] })).toEqual([2, 5, 8, 9, 11]);
    expect(await numbers({ metrics: [{ key: 'loss', stat: 'LAST', op: 'GT', value: 1 }] })).toEqual([4, 8, 11]);
    expect(
      await numbers({
        metrics: [
          { key: 'loss', stat: 'LAST', op: 'LT', value: 1 },
          { key: 'loss', stat: 'MAX', op: 'EQ', value: 7 },
        ],
      }),
    ).toEqual([2, 6, 7, 10]);
    expect(
      (
        await listTrials(world.deps, world.admin, {
          experimentId: experiment.id,
          first: 1,
          filter: { states: ['RUNNING'] },
        })
      ).hasNextPage,
    ).toBe(true);
    expect(
      await (
        await listTrials(world.deps, world.admin, {
          experimentId: experiment.id,
          first: 1,
          filter: { states: ['RUNNING'] },
        })
      ).total(),
    ).toBe(4);
  });

  it('binds whatever people write: no text becomes SQL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (name, text) => {
        const clean = (value: string) => value.replaceAll('\0', '');
        const filter = { params: [{ name: clean(name), op: 'EQ' as const, text: clean(text) }], tags: [clean(text)] };
        const orderBy = { by: 'PARAM' as const, key: `${clean(name)}'";--` };
        await listTrials(world.deps, world.admin, { experimentId: experiment.id, first: 5, filter, orderBy });
      }),
      {
        numRuns: 50,
        examples: [
          ["' OR 1=1 --", "'; DROP TABLE trial; --"],
          ['$1', '/*join*/'],
          ['$&', "$'"],
        ],
      },
    );
    expect(await readAll({}, 200)).toHaveLength(VALUES.length);
  });

  it('refuses cursors with numbers that no trial has', async () => {
    for (const position of [
      [1e300, 1, '', 1],
      [3, 1, '', 1, experiment.id],
      [0, 1, '', 1e300, experiment.id],
      [0, 1, '', 2 ** 40, experiment.id],
      [0, 1, '', 1],
      [0, 1, '', 1, "' OR true --"],
    ]) {
      const after = encodeCursor(`trials:${experiment.id}:NUMBER:ASC:`, position);
      const page = listTrials(world.deps, world.admin, { experimentId: experiment.id, first: 1, after });
      expect([position, await codeOf(page)]).toEqual([position, 'CURSOR_INVALID']);
    }
  });

  it('turns the pages of many trials alike, whether a filter finds many, some, few or none', {
    timeout: 60_000,
  }, async () => {
    const count = 13_000;
    const { id, projectId } = await addExperiment(world, { nextNumber: count });
    const place = (n: number) => (n * 7919) % count;
    await world.deps.database.transaction(async (tx) => {
      await tx.query(
        `/* test */ INSERT INTO trial (id, project_id, experiment_id, number, state, tags, proposed_by, value, asked_at)
        SELECT uuidv7(), $1, $2, n, 'COMPLETED', CASE WHEN (n * 7919) % $3 >= 12000 THEN '["late"]'::jsonb ELSE '[]' END, 'user', (n * 7919) % $3, n
        FROM generate_series(0, $3 - 1) n`,
        [projectId, id, count],
      );
      await tx.query(
        `/* test */ INSERT INTO trial_param (experiment_id, trial_id, name, number)
        SELECT experiment_id, id, 'kind', number % 100 FROM trial WHERE experiment_id = $1`,
        [id],
      );
    });
    const numbers = Array.from({ length: count }, (_, n) => n).sort((a, b) => place(a) - place(b));
    const cases: readonly (readonly [string, (n: number) => boolean])[] = [
      ['', () => true],
      ['params.kind < 50', (n) => n % 100 < 50],
      ['params.kind = 7', (n) => n % 100 === 7],
      ['params.kind = 7 AND number < 1000', (n) => n % 100 === 7 && n < 1_000],
      ['tags HAS "late" AND NOT params.kind = 1', (n) => place(n) >= 12_000 && n % 100 !== 1],
      ['value >= 9500 AND params.kind >= 0', (n) => place(n) >= 9_500],
      ['params.kind >= 20 AND tags HAS "late"', (n) => n % 100 >= 20 && place(n) >= 12_000],
      ['params.kind >= 20 AND NOT value < 10000', (n) => n % 100 >= 20 && place(n) >= 10_000],
      ['params.kind = -1', () => false],
    ];
    for (const [where, meets] of cases) {
      const wanted = numbers.filter(meets).slice(0, 150);
      const page = (first: number, after: string | null) =>
        listTrials(world.deps, world.admin, { experimentId: id, first, after, where, orderBy: { by: 'VALUE' } });
      const one = await page(100, null);
      const two = one.hasNextPage ? await page(50, one.cursors.at(-1) ?? null) : { items: [] };

      const found = [...one.items, ...two.items].map((trial) => trial.number);
      expect([where, found]).toEqual([where, wanted]);
    }
  });

  it('refuses cursors at times that no calendar has', async () => {
    for (const by of ['CREATED_AT', 'DURATION'] as const) {
      const after = encodeCursor(`trials:${experiment.id}:${by}:ASC:`, [0, 1e20, '', 1, experiment.id]);
      const page = listTrials(world.deps, world.admin, {
        experimentId: experiment.id,
        first: 1,
        after,
        orderBy: { by },
      });
      expect(await codeOf(page)).toBe('CURSOR_INVALID');
    }
  });

  it('stores and sorts texts of params of any length', async () => {
    const long = (end: string) => Array.from({ length: 20_000 }, (_, i) => (i * 7919).toString(36)).join('') + end;
    for (const text of [long('b'), long('a'), 'short'])
      await startTrial(world.deps, world.admin, { project: 'project', experiment: 'long', params: { text } });
    const { id } = (await findExperiment(world.deps, world.admin, { path: 'project/long' })) as Experiment;
    const list = (input: Partial<ListTrialsInput>) => readAll({ experimentId: id, ...input }, 1);

    const sorted = await list({ orderBy: { by: 'PARAM', key: 'text', direction: 'DESC' } });
    const found = await list({ filter: { params: [{ name: 'text', op: 'EQ', text: long('a') }] } });

    expect(sorted.map((trial) => trial.number)).toEqual([2, 1, 0]);
    expect(found.map((trial) => trial.number)).toEqual([1]);
  });

  it('refuses cursors of another order, orders without a key, and foreign experiments', async () => {
    const page = await listTrials(world.deps, world.admin, { experimentId: experiment.id, first: 1 });
    const foreign = await addOrganization(world);
    const list = (input: Partial<ListTrialsInput>, principal = world.admin) =>
      codeOf(listTrials(world.deps, principal, { experimentId: experiment.id, first: 1, ...input }));

    expect(await list({ after: page.cursors[0] ?? null, orderBy: { by: 'VALUE' } })).toBe('CURSOR_INVALID');
    expect(await list({ orderBy: { by: 'PARAM' } })).toBe('INPUT_INVALID');
    expect(await list({ first: 201 })).toBe('LIMIT_EXCEEDED');
    expect(await list({ filter: { params: [{ name: 'x', op: 'EQ' }] } })).toBe('INPUT_INVALID');
    expect(await list({}, foreign.admin)).toBe('NOT_FOUND');
  });
});
