/** The language of filters against Postgres: the same trials as the plainest evaluation, and never a user's text as SQL. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import type { MetricSummary } from '../../../src/domain/metric.js';
import type { FilterNode } from '../../../src/domain/trial-filter.js';
import { listTrials } from '../../../src/service/trial/list-trials.js';
import { parseTrialFilter } from '../../../src/service/trial-filter/parse-trial-filter.js';
import { Bound } from '../../../src/store/queries/bound.js';
import { whereSelected } from '../../../src/store/queries/trial-where.js';
import { addExperiment, addTrial, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { filterTree, METRICS, meets, NUMBERS, type Observed, PARAMS, TAGS, TEXTS, TIMES, write } from './trees.js';

let world: World;
let experiment: Experiment;
const observed: Observed[] = [];

beforeAll(async () => {
  world = await openWorld();
  experiment = await addExperiment(world);
  for (const [number, plan] of fc.sample(trialPlan, { seed: 7, numRuns: 40 }).entries()) await store(number, plan);
});
afterAll(() => world.close());

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 3 });
const summaryPlan = fc.record({
  first: fc.constantFrom(...NUMBERS),
  last: fc.constantFrom(...NUMBERS),
  min: maybe(NUMBERS.filter(Number.isFinite)),
  max: maybe(NUMBERS.filter(Number.isFinite)),
  count: fc.constantFrom(1, 2, 3),
});
const trialPlan = fc.record({
  state: fc.constantFrom('RUNNING', 'COMPLETED', 'FAILED'),
  name: maybe(TEXTS),
  params: fc.dictionary(
    fc.constantFrom(...PARAMS),
    fc.oneof(
      fc.constantFrom(...NUMBERS.filter(Number.isFinite)),
      fc.constantFrom(...TEXTS),
      fc.boolean(),
      fc.constant(null),
    ),
  ),
  tags: fc.subarray(TAGS),
  proposedBy: fc.constantFrom('user', 'adam'),
  value: maybe(NUMBERS),
  cause: maybe(['OOM', 'USER_CODE'] as const),
  createdAt: fc.constantFrom(...TIMES),
  startedAt: maybe(TIMES),
  endedAt: maybe(TIMES),
  summaries: fc.dictionary(fc.constantFrom(...METRICS), summaryPlan),
});
type TrialPlan = typeof trialPlan extends fc.Arbitrary<infer Plan> ? Plan : never;

async function store(number: number, { summaries, ...part }: TrialPlan): Promise<void> {
  const { database } = world.deps;
  const trial = await addTrial(world, { ...part, state: part.state as 'RUNNING', experimentId: experiment.id, number });
  const kept = new Map<string, MetricSummary>();
  await database.transaction(async (tx) => {
    for (const [name, value] of Object.entries(part.params)) {
      const row = [experiment.id, trial.id, name, typeof value === 'number' ? value : null];
      const text = typeof value === 'number' || value === null ? null : String(value);
      await tx.query('/* test */ INSERT INTO trial_param VALUES ($1, $2, $3, $4, $5)', [...row, text]);
    }
    for (const [key, { first, last, min, max, count }] of Object.entries(summaries)) {
      const [row] = await tx.query<{ id: number }>(
        `/* test */ INSERT INTO metric_key (project_id, name) VALUES ($1, $2)
        ON CONFLICT (project_id, name) DO UPDATE SET name = $2 RETURNING id`,
        [world.project.id, key],
      );
      const nonFinite = min === null ? count : 0;
      const sum = min === null ? 0 : min * count;
      await tx.query(
        '/* test */ INSERT INTO metric_summary VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, $9, 0, $10)',
        [experiment.id, trial.id, row!.id, count, nonFinite, first, last, min, max, sum],
      );
      const mean = nonFinite === count || !Number.isFinite(sum) ? null : sum / count;
      kept.set(key, {
        trialId: trial.id,
        key,
        count,
        nonFinite,
        first,
        last,
        lastStep: 0,
        min,
        minStep: 0,
        max,
        maxStep: 0,
        mean,
      });
    }
  });
  observed.push({ trial, summaries: kept });
}

async function found(where: string): Promise<number[]> {
  const page = await listTrials(world.deps, world.admin, { experimentId: experiment.id, first: 200, where });
  return page.items.map((trial) => trial.number);
}

describe('where', () => {
  it('finds what the plainest evaluation finds, for any tree', { timeout: 60_000 }, async () => {
    const now = world.deps.clock.now();
    await fc.assert(
      fc.asyncProperty(filterTree, async (tree) => {
        const text = write(tree);
        fc.pre(Buffer.byteLength(text) <= 1024);

        expect(parseTrialFilter(text)).toEqual(plain(tree));
        expect(await found(text)).toEqual(
          observed.filter((one) => meets(tree, one, now)).map((one) => one.trial.number),
        );
      }),
      { numRuns: 600, seed: 11 },
    );
  });

  it('takes what is missing for false, and its NOT for true', async () => {
    const has = (name: string) => observed.filter((one) => typeof one.trial.params[name] === 'number').length;
    const both = [...(await found('params.layers = 1')), ...(await found('NOT params.layers = 1'))];

    expect(both).toHaveLength(observed.length);
    expect((await found('params.layers != 1')).length + (await found('params.layers = 1')).length).toBe(has('layers'));
    expect(await found('metrics.absent.max < 1 OR metrics.absent.max >= 1')).toEqual([]);
    expect(await found('NOT metrics.absent.max < 1')).toHaveLength(observed.length);
  });

  it('joins the structured filter and the words with AND', async () => {
    const page = await listTrials(world.deps, world.admin, {
      experimentId: experiment.id,
      first: 200,
      filter: { states: ['RUNNING'] },
      where: 'number < 20',
    });

    const wanted = observed.filter(({ trial }) => trial.state === 'RUNNING' && trial.number < 20);
    expect(page.items.map((trial) => trial.number)).toEqual(wanted.map(({ trial }) => trial.number));
    expect(await page.total()).toBe(wanted.length);
  });

  it('says FILTER_INVALID', async () => {
    expect(await codeOf(found('params.layers =='))).toBe('FILTER_INVALID');
  });

  it('makes SQL of the shape of a filter, never of its words', () => {
    fc.assert(
      fc.property(
        filterTree,
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        (tree, one, other) => {
          expect(sqlOf(renamed(tree, `${one}\u2603`))).toBe(sqlOf(renamed(tree, other)));
          expect(sqlOf(renamed(tree, `${one}\u2603`))).not.toContain('\u2603');
        },
      ),
    );
  });
});

function sqlOf(where: FilterNode): string {
  const { id: experimentId, projectId } = experiment;
  return whereSelected(new Bound(), { experimentId, projectId, filter: {}, where, now: new Date(0) });
}

/** The tree with another text in every place that takes one. */
function renamed(node: FilterNode, text: string): FilterNode {
  if ('nodes' in node) return { ...node, nodes: node.nodes.map((one) => renamed(one, text)) };
  if (node.is === 'not') return { ...node, node: renamed(node.node, text) };
  if (node.is === 'has') return { ...node, tag: text };
  const field =
    node.field.of === 'param'
      ? { ...node.field, name: text }
      : node.field.of === 'metric'
        ? { ...node.field, key: text }
        : node.field;
  const change = <T>(value: T) => (typeof value === 'string' ? text : value);
  if (node.is === 'compare') return { ...node, field, value: change(node.value) };
  if (node.is === 'in') return { ...node, field, values: node.values.map(change) };
  return node.is === 'like' ? { ...node, field, pattern: text } : { ...node, field };
}

/** `write` spells -0 as 0: they are equal to every comparison. */
function plain(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
