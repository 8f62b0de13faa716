/** The language of filters against Postgres: the same trials as the plainest evaluation, and never a user's text as SQL. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/domain/experiment.js';
import type { FilterNode } from '../../../src/domain/trial-filter.js';
import { listTrials } from '../../../src/service/trial/list-trials.js';
import { parseTrialFilter } from '../../../src/service/trial-filter/parse-trial-filter.js';
import { Bound } from '../../../src/store/queries/bound.js';
import { whereSelected } from '../../../src/store/queries/trial-where.js';
import { addExperiment, codeOf } from '../../support/builders.js';
import { openWorld, type World } from '../../support/world.js';
import { storeTrial, trialPlan } from './stored.js';
import { filterTree, meets, type Observed, write } from './trees.js';

let world: World;
let experiment: Experiment;
const observed: Observed[] = [];

beforeAll(async () => {
  world = await openWorld();
  experiment = await addExperiment(world);
  for (const [number, plan] of fc.sample(trialPlan, { seed: 7, numRuns: 40 }).entries())
    observed.push(await storeTrial(world, experiment, number, plan));
});
afterAll(() => world.close());

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
