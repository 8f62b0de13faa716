/** Trials of every kind that a filter or an order could meet, in the tables and as the plainest evaluation sees them. */
import fc from 'fast-check';
import type { Experiment } from '../../../src/domain/experiment.js';
import type { MetricSummary } from '../../../src/domain/metric.js';
import { addTrial } from '../../support/builders.js';
import type { World } from '../../support/world.js';
import { METRICS, NUMBERS, type Observed, PARAMS, TAGS, TEXTS, TIMES } from './trees.js';

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 3 });
const summaryPlan = fc.record({
  first: fc.constantFrom(...NUMBERS),
  last: fc.constantFrom(...NUMBERS),
  min: maybe(NUMBERS.filter(Number.isFinite)),
  max: maybe(NUMBERS.filter(Number.isFinite)),
  count: fc.constantFrom(1, 2, 3),
});
export const trialPlan = fc.record({
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

/** The trial with its params and summaries, straight in the tables. */
export async function storeTrial(
  world: World,
  experiment: Experiment,
  number: number,
  { summaries, ...part }: TrialPlan,
): Promise<Observed> {
  const { database } = world.deps;
  const trial = await addTrial(world, {
    ...part,
    state: part.state as 'RUNNING',
    projectId: experiment.projectId,
    experimentId: experiment.id,
    number,
  });
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
        [experiment.projectId, key],
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
  return { trial, summaries: kept };
}
